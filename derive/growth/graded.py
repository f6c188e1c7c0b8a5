"""A long product of triangular factors, as diag(e^d) U with logarithms d and moderate rows U; its singular values.

R_m ⋯ R_1 = diag(e^d) U, with the diagonal taken out: d_k = Σ log|R_kk| and U of unit diagonal.  One more factor gives

    R diag(e^d) U = diag(e^d′) [diag(e^−d′) R diag(e^d)] U,   d′ = d + log|diag R|,

and the bracket has the entries (R_kl / |R_kk|) e^(d_l − d_k): bounded where d falls, whatever its size.  So neither the
product of 10⁵ factors nor the ratio of its singular values has to fit a float (the idea of stabilised products in
quantum Monte Carlo; Loh et al. 1989, Bauer 2020).

The singular values of diag(e^d) U come from one-sided Jacobi rotations on its rows, which find every one of them,
however small, to the relative accuracy that the condition of U allows (Demmel & Veselić 1992).  The rotation of two
rows depends on the ratio r = e^(d_q − d_p) ≤ 1 of their lengths and on the cosine γ between them alone, and is written
so that r may underflow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from derive.arithmetic import Array

_EPS = float(np.finfo(np.float64).eps)
_SWEEPS = 60


@dataclass
class Graded:
    """diag(e^log) rows: ``log`` (r,) and ``rows`` (r, k)."""

    log: Array
    rows: Array
    largest: float = field(default=1.0)
    """The largest entry that ``rows`` ever had: how much rounding may have been magnified."""

    @classmethod
    def identity(cls, size: int) -> Graded:
        return cls(np.zeros(size), np.eye(size))

    def multiply(self, packed: Array) -> None:
        """A further triangular factor (r′, r) from the left; what stands below its diagonal is not read."""
        rank, diagonal = len(packed), packed.diagonal()
        lengths = np.abs(diagonal)
        log = self.log[:rank] + np.log(lengths)
        if _apart(self.log, lengths):
            self.rows = np.sign(diagonal)[:, None] * self.rows[:rank]
        else:
            self.rows = _bracket(packed, lengths, self.log) @ self.rows
            self.largest = max(self.largest, float(np.abs(self.rows).max(initial=0.0)))
        self.log = log

    def log_singular_values(self) -> Array:
        """log σ_1 ≥ log σ_2 ≥ …, as many as there are rows."""
        return self.svd()[0]

    def svd(self) -> tuple[Array, Array]:
        """log σ (r,), descending, and the rows as unit vectors after the rotations: right singular vectors (r, k)."""
        if not np.isfinite(self.rows).all():
            raise FloatingPointError("the triangular part of the chain is not finite")
        lengths = np.linalg.norm(self.rows, axis=1)
        keep = lengths > 0
        log, rows = self.log[keep] + np.log(lengths[keep]), self.rows[keep] / lengths[keep, None]
        for _ in range(_SWEEPS):
            order = np.argsort(-log, kind="stable")
            log, rows = log[order], rows[order]
            if _sweep(log, rows) <= _EPS * (4 + len(rows) ** 0.5):
                break
        order = np.argsort(-log, kind="stable")
        return log[order], rows[order]


def _apart(log: Array, lengths: Array) -> bool:
    """Whether the rows are so far apart that nothing beside the diagonal is felt.

    A frame keeps |R_kl| ≤ |R_ll| / 10⁻¹⁴ (``numerical_rank``), so with every d_k − d_{k+1} above this the bracket is
    the identity to the last digit.
    """
    if len(log) < 2 or len(lengths) < len(log):
        return len(log) < 2
    return float((log[:-1] - log[1:]).min()) > 75.0 + float(np.log(lengths.max() / lengths.min()))


def _bracket(packed: Array, lengths: Array, log: Array) -> Array:
    """diag(e^−d′) R diag(e^d) with d′ = d + log|diag R|, above its diagonal."""
    rank, size = packed.shape
    shifted = log - log.mean()
    if np.abs(shifted).max() < 300.0:  # e^(d_l − d_k) as a quotient of n exponentials, not n² of them
        scale = np.exp(shifted)
        return packed * (_upper(rank, size) * scale) / (lengths * scale[:rank])[:, None]
    apart = np.where(_upper(rank, size) > 0, log[None, :] - log[:rank, None], -np.inf)
    return packed / lengths[:, None] * np.exp(apart)


@lru_cache(maxsize=16)
def _upper(rows: int, columns: int) -> Array:
    return np.triu(np.ones((rows, columns)))


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
        rows[place] = new / length[:, None]
        log[place] += np.log(length)


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
