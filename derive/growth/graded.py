"""A long product of triangular factors, as diag(e^d) U with logarithms d and moderate rows U; its singular values.

R_m ⋯ R_1 = diag(e^d) U, with the diagonal taken out: d_k = Σ log|R_kk| and U of unit diagonal.  One more factor gives

    R diag(e^d) U = diag(e^d′) [diag(e^−d′) R diag(e^d)] U,   d′ = d + log|diag R|,

and the bracket has the entries (R_kl / |R_kk|) e^(d_l − d_k): bounded where d falls, whatever its size.  So neither the
product of 10⁵ factors nor the ratio of its singular values has to fit a float (the idea of stabilised products in
quantum Monte Carlo; Loh et al. 1989, Bauer 2020).

The singular values of diag(e^d) U come from one-sided Jacobi rotations on its rows, which find every one of them,
however small, to the relative accuracy that the condition of U allows (Demmel & Veselić 1992), and soon, after two
triangular factorisations (Drmač & Veselić 2008).  The rotation of two
rows depends on the ratio r = e^(d_q − d_p) ≤ 1 of their lengths and on the cosine γ between them alone, and is written
so that r may underflow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from scipy.linalg import blas

from derive.arithmetic import Array

_EPS = float(np.finfo(np.float64).eps)
_SWEEPS = 60
_FAR = 200.0
"""e^±200, times any R of a step, fits a float."""
_TALL = 1e8
_APART = 40.0
"""e^−40 is a hundredth of a rounding."""


@dataclass
class Graded:
    """diag(e^log) rows: ``log`` (r,) and ``rows`` (r, k); ``diagonal`` (r,) is Σ log|R_kk|.

    The logarithms are sums of as many terms as there are factors, and have the longest float that the machine has.
    """

    log: Array
    rows: Array
    diagonal: Array
    largest: float = field(default=1.0)
    """The largest entry that ``rows`` ever had: how much rounding may have been magnified."""

    @classmethod
    def identity(cls, size: int) -> Graded:
        return cls(np.zeros(size, np.longdouble), np.eye(size), np.zeros(size, np.longdouble))

    def multiply(self, packed: Array) -> None:
        """A further triangular factor (r′, r) from the left; what stands below its diagonal is not read."""
        rank, diagonal = len(packed), packed.diagonal()
        lengths = np.abs(diagonal)
        with np.errstate(divide="ignore"):
            grown = np.log(lengths)
        self.diagonal = self.diagonal[:rank] + grown
        log = self.log[:rank] + grown
        if _apart(packed, self.log, self.largest):
            self.rows = np.sign(diagonal)[:, None] * self.rows[:rank]
        else:
            self.rows, log = _multiplied(packed, self.rows, self.log, log)
            log = self._moderate(log)
        self.log = log

    def _moderate(self, log: Array) -> Array:
        """A row that its diagonal does not dominate, since d does not fall there, is scaled by its own size."""
        tallest = float(max(self.rows.max(initial=0.0), -self.rows.min(initial=0.0)))
        self.largest = max(self.largest, tallest)
        if tallest < _TALL:
            return log
        sizes = np.abs(self.rows).max(axis=1)
        sizes[sizes == 0] = 1.0
        self.rows = self.rows / sizes[:, None]
        return log + np.log(sizes)

    def log_singular_values(self) -> Array:
        """log σ_1 ≥ log σ_2 ≥ …, as many as there are rows."""
        return self.svd()[0]

    def svd(self) -> tuple[Array, Array]:
        """log σ (r,), descending, and the right singular vectors as rows (r, k)."""
        if not np.isfinite(self.rows).all():
            raise FloatingPointError("the triangular part of the chain is not finite")
        log, rows, _ = _sorted(np.asarray(self.log, np.float64), self.rows)
        log, rows, turn = _turned(log, rows)
        log, rows, _ = _turned(log, rows)
        for _ in range(_SWEEPS):
            if _sweep(log, rows) <= _EPS * (4 + len(rows) ** 0.5):
                break
            log, rows, _ = _sorted(log, rows)
        log, rows, _ = _sorted(log, rows)
        return log, rows @ turn


def _sorted(log: Array, rows: Array) -> tuple[Array, Array, Array]:
    """The same with rows of length one, the longest first, and their order; rows of zeros are left out."""
    lengths = np.linalg.norm(rows, axis=1)
    with np.errstate(divide="ignore"):
        log = log + np.log(lengths)
    order = np.argsort(-log, kind="stable")[: np.count_nonzero(np.isfinite(log))]
    return log[order], rows[order] / lengths[order, None], order


def _turned(log: Array, rows: Array) -> tuple[Array, Array, Array]:
    """A product of the same singular values whose rows are nearer to orthogonal, by every e^(d_k − d_l) below one.

    With U = L Q:  diag(e^d) U = diag(e^d) L Q = L′ diag(e^d) Q, L′_kl = L_kl e^(d_k − d_l), so that its transpose is
    Qᵀ diag(e^d) L′ᵀ, and diag(e^d) L′ᵀ is as good.  Done twice, the right singular vectors of the first are those of
    the last, times the first Q, which is returned with its rows in the new order.
    """
    q, upper = np.linalg.qr(rows.T)
    log, rows, order = _sorted(log, upper * np.exp(np.minimum(log - log[:, None], 0.0)))
    return log, rows, q.T[order]


def _apart(packed: Array, log: Array, largest: float) -> bool:
    """Whether the rows are so far apart that nothing beside the diagonal is felt: the bracket, times rows that are at
    least one and at most ``largest`` long, is the identity to the last digit."""
    if len(log) < 2 or not len(packed):
        return True
    gap = float((log[:-1] - log[1:]).min())
    if len(packed) < len(log) or gap < _APART:
        return False
    with np.errstate(divide="ignore", invalid="ignore"):
        beside = np.abs(np.triu(packed)).max(axis=1) / np.abs(packed.diagonal())
    return gap > _APART + float(np.log(largest * beside.max()))


def _multiplied(packed: Array, rows: Array, old: Array, new: Array) -> tuple[Array, Array]:
    """diag(e^−d′) R diag(e^d) rows, and d′: ``new``, or the size of the rows where e^d fits no float."""
    rank, size = packed.shape
    middle = old.mean() if np.isfinite(old).all() else 0.0
    right, left = (np.asarray(log - middle, np.float64) for log in (old, new))
    if rank == size and max(right.max(), -right.min(), left.max(), -left.min()) < _FAR:
        scaled = np.asfortranarray(rows * np.exp(right)[:, None])
        return blas.dtrmm(1.0, packed, scaled, overwrite_b=1) / np.exp(left)[:, None], new
    with np.errstate(divide="ignore"):
        logs = np.log(np.abs(packed * _upper(rank, size))) + right
    found = logs.max(axis=1)
    logs -= np.where(np.isfinite(found), found, 0.0)[:, None]
    return (np.sign(packed) * np.exp(logs)) @ rows, found + middle


@lru_cache(maxsize=16)
def _upper(rows: int, columns: int) -> Array:
    return np.asfortranarray(np.triu(np.ones((rows, columns))))


def _sweep(log: Array, rows: Array) -> float:
    """Every pair of rows made orthogonal once, n/2 disjoint pairs at a time; the largest cosine that was met."""
    count = len(rows)
    largest = 0.0
    for left, right in _rounds(count):
        swap = log[left] < log[right]
        p, q = np.where(swap, right, left), np.where(swap, left, right)
        x, y = rows[p], rows[q]
        cosine = np.einsum("ij,ij->i", x, y)
        largest = max(largest, float(np.abs(cosine).max(initial=0.0)))
        turn = np.abs(cosine) > 0.1 * _EPS
        if turn.any():
            _rotate(log, rows, p[turn], q[turn], cosine[turn])
    return largest


def _rotate(log: Array, rows: Array, p: Array, q: Array, cosine: Array) -> None:
    """Rows x and r y become orthogonal.  With t the tangent and α = 1, β = r², γ̂ = rγ:

    t = −2γ̂ / (α − β + √((α − β)² + 4γ̂²)), hence t = r τ with τ = −2γ / (1 − r² + √((1 − r²)² + 4r²γ²)),
    x′ = c (x − r² τ y) and r y′ with y′ = c (τ x + y).
    """
    ratio = np.exp(log[q] - log[p])
    gap = -np.expm1(2 * (log[q] - log[p]))
    root = gap + np.sqrt(gap**2 + 4 * ratio**2 * cosine**2)
    tau = np.where(root > 0, -2 * cosine / np.where(root > 0, root, 1.0), -np.sign(cosine))
    c = 1 / np.sqrt(1 + (ratio * tau) ** 2)
    x, y = rows[p], rows[q]
    for place, new in ((p, c[:, None] * (x - (ratio**2 * tau)[:, None] * y)), (q, c[:, None] * (tau[:, None] * x + y))):
        length = np.sqrt(np.einsum("ij,ij->i", new, new))
        rows[place] = new / np.where(length > 0, length, 1.0)[:, None]
        with np.errstate(divide="ignore"):  # two parallel rows are one, and nothing
            log[place] += np.log(length)


@lru_cache(maxsize=16)
def _rounds(count: int) -> list[tuple[Array, Array]]:
    """All pairs as rounds of disjoint ones: a round-robin tournament."""
    players = list(range(count)) + [-1] * (count % 2)
    half = len(players) // 2
    rounds = []
    for _ in range(len(players) - 1):
        pairs = [(a, b) for a, b in zip(players[:half], reversed(players[half:]), strict=True) if min(a, b) >= 0]
        rounds.append((np.array([a for a, _ in pairs], dtype=int), np.array([b for _, b in pairs], dtype=int)))
        players = [players[0], players[-1], *players[1:-1]]
    return rounds
