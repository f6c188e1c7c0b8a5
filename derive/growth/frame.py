"""An orthonormal frame carried through the factors: c_t Q_{t−1} = Q_t R_t (Benettin et al. 1980).

The frame never over- or underflows, since what a step does to its size is taken out as R_t: the product of the chain is
Q_T (R_T ⋯ R_1) Q_0ᵀ.  Householder QR by LAPACK, in two work arrays that are used again at every step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from derive.arithmetic import Array
from derive.growth.factors import Diagonal, Value

_ROUNDING = 64 * np.finfo(np.float64).eps
_BLOCK = 64


@dataclass
class Frame:
    """An orthonormal basis (n, k) of the directions that are followed, in column-major order."""

    basis: Array

    def __post_init__(self) -> None:
        self.basis = np.asfortranarray(self.basis, dtype=np.float64).copy(order="F")
        self._other = np.empty_like(self.basis)

    @property
    def rank(self) -> int:
        """How many directions are left: a factor that is singular takes some away."""
        return int(self.basis.shape[1])

    def carry(self, links: Sequence[Value], *, transposed: bool = False) -> Array:
        """Multiply by a factor (or its transpose), orthonormalise, and return R as LAPACK packs it: a trapezoid (r, k).

        Below its diagonal stand numbers that mean nothing here.  Rows that are zero up to the rounding of the columns
        are left out, with the directions that they belong to.
        """
        if not self.rank:
            return np.empty((0, 0))
        packed, tau, _, _ = lapack.dgeqrf(self._image(links, transposed), lwork=_BLOCK * self.rank, overwrite_a=1)
        rank = numerical_rank(packed)
        upper = packed[:rank].copy()
        if rank < self.rank:
            packed, tau = packed[:, :rank].copy(order="F"), tau[:rank]
            self._other = np.empty_like(packed)
        if rank:
            packed, _, _ = lapack.dorgqr(packed, tau, lwork=_BLOCK * rank, overwrite_a=1)
        self.basis = packed
        return upper

    def _image(self, links: Sequence[Value], transposed: bool) -> Array:
        """The product with all links, in the array that does not hold the basis."""
        source, target = self.basis, self._other
        for link in links if transposed else reversed(links):
            if isinstance(link, Diagonal):
                np.multiply(source, link.column, out=target)
            else:  # (A Q)ᵀ = Qᵀ Aᵀ, so that both sides are read along their rows
                np.matmul(source.T, link if transposed else link.T, out=target.T)
            source, target = target, source
        self._other = target
        return source


def numerical_rank(packed: Array) -> int:
    """The number of leading columns of a triangular factor (n, k) that are independent up to rounding.

    Column k of R is as long as the k-th column that was factored; its last entry is what is new in it.  Below the
    rounding of that length nothing is known of it, and as the directions of a frame are in general position the first
    such column ends them.
    """
    diagonal = np.abs(packed.diagonal())
    if not len(diagonal) or diagonal.min() > _ROUNDING * float(np.linalg.norm(packed)):
        return len(diagonal)
    lengths = np.linalg.norm(np.triu(packed[: len(diagonal)]), axis=0)
    known = diagonal > _ROUNDING * np.maximum(lengths, np.finfo(np.float64).tiny)
    return len(diagonal) if known.all() else int(np.argmin(known))


def random_frame(size: int, seed: int = 0) -> Array:
    """An orthogonal matrix in general position: a factor such as diag(φ′) is special along the axes."""
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(size, size)))[0]


def completed(basis: Array, seed: int = 0) -> Array:
    """An orthonormal basis (n, k) with n − k more columns, in general position among themselves."""
    size, rank = basis.shape
    if rank == size:
        return basis
    more = np.random.default_rng(seed).normal(size=(size, size - rank))
    more -= basis @ (basis.T @ more)
    whole = np.linalg.qr(np.hstack([basis, more]))[0]
    whole[:, :rank] = basis
    return whole
