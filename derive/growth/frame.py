"""An orthonormal frame carried through the factors: c_t Q_{t−1} = Q_t R_t (Benettin et al. 1980).

The frame never over- or underflows, since what a step does to its size is taken out as R_t: the product of the chain is
Q_T (R_T ⋯ R_1) Q_0ᵀ.  Householder QR by LAPACK, in work arrays that are used again at every step.

A factor such as diag(φ′) W may have rows and columns of very different size, where units saturate.  Householder QR is
as exact in small rows as in large ones when the rows are sorted by size (Powell & Reid 1969; Cox & Higham 1998), and so
is a product when every badly scaled diagonal matrix in it is followed by a QR of its own.  That costs more, and is done
at the steps whose R falls by more than ``_STEEP``.  Slopes from 1 down to 10⁻¹⁴ cost 14 digits otherwise, and none now.
What remains is the condition of a matrix whose rows and columns are all of one size: each digit of it is lost at every
step (10¹² in 50 factors: log σ_n = −1300 to 10⁻⁴).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import blas, lapack

from derive.arithmetic import Array
from derive.growth.factors import Diagonal, Value, as_array, times

_ROUNDING = 64 * np.finfo(np.float64).eps
_BLOCK = 64
_STEEP = 1e-6
_SMALL = 1e-140
"""A norm whose square may underflow."""


@dataclass
class Frame:
    """An orthonormal basis (n, k) of the directions that are followed, in column-major order."""

    basis: Array

    def __post_init__(self) -> None:
        self.basis = np.array(self.basis, dtype=np.float64, order="F")
        self._free = [np.empty_like(self.basis), np.empty_like(self.basis)]

    @property
    def rank(self) -> int:
        """How many directions are left: a factor that is singular takes some away."""
        return int(self.basis.shape[1])

    def carry(self, links: Sequence[Value], *, transposed: bool = False) -> Array:
        """Multiply by a factor (or its transpose), orthonormalise, and return R as LAPACK packs it: a trapezoid (r, k).

        Below its diagonal stand numbers that mean nothing here.  Rows that are zero up to rounding are left out, with
        the directions that they belong to.
        """
        return self._advance(links, transposed, np.copy)

    def stretch(self, links: Sequence[Value]) -> Array:
        """The same, of which only the diagonal of R is returned, (r,)."""
        return self._advance(links, False, lambda packed: packed.diagonal().copy())

    def _advance(self, links: Sequence[Value], transposed: bool, taken: Callable[[Array], Array]) -> Array:
        rank = self.rank
        if not rank:
            return taken(np.empty((0, 0)))
        packed, tau, _, _ = lapack.dgeqrf(self._image(links, transposed), lwork=_BLOCK * rank, overwrite_a=1)
        norm = blas.dnrm2(packed.ravel(order="K"))
        if not (np.abs(packed.diagonal()).min() > _STEEP * norm and norm > _SMALL):
            self._free.append(packed)
            return taken(self._carefully(links, transposed))
        upper = taken(packed[:rank])
        basis, _, _ = lapack.dorgqr(packed, tau, lwork=_BLOCK * rank, overwrite_a=1)
        self._free.append(self.basis)
        self.basis = basis
        return upper

    def _image(self, links: Sequence[Value], transposed: bool) -> Array:
        """The product with all links, in an array that is the caller's now; the basis is left as it is."""
        source = self.basis
        for link in links if transposed else reversed(links):
            own = source is not self.basis
            if isinstance(link, Diagonal):
                source = np.multiply(source, link.column, out=source if own else self._free.pop())
                continue
            target = self._free.pop()  # (A Q)ᵀ = Qᵀ Aᵀ, so that both sides are read along their rows
            np.matmul(source.T, link if transposed else link.T, out=target.T)
            if own:
                self._free.append(source)
            source = target
        return source

    def _carefully(self, links: Sequence[Value], transposed: bool) -> Array:
        """The same step, exact in rows of any size: R, (r, k)."""
        whole = np.eye(self.rank)
        for factor in _stages(links, transposed):
            if not self.rank:
                break
            image = as_array(times(factor, self.basis))
            if not np.isfinite(image).all():
                raise FloatingPointError("a factor of the chain is not finite")
            sizes = np.abs(image if self.rank == len(image) else as_array(factor)).max(axis=1)
            order = np.argsort(-sizes, kind="stable")
            packed, tau, _, _ = lapack.dgeqrf(np.asfortranarray(image[order]), lwork=_BLOCK * self.rank)
            rank = numerical_rank(packed, sizes[order])
            basis = np.empty((len(image), rank), order="F")
            if rank:
                basis[order], _, _ = lapack.dorgqr(packed[:, :rank], tau[:rank], lwork=_BLOCK * rank)
            if rank < self.rank:
                self._free = [np.empty_like(basis), np.empty_like(basis)]
            self.basis, whole = basis, np.triu(packed[:rank]) @ whole
        return whole


def _stages(links: Sequence[Value], transposed: bool) -> list[Value]:
    """A factor as products that end with a diagonal matrix, the one that is applied first in front."""
    found: list[Value] = []
    closed = True
    for link in (part for own in links[:: 1 if transposed else -1] for part in _parts(own, transposed)):
        merges = bool(found) and (not closed or isinstance(link, Diagonal))
        found = [*found[:-1], times(link, found[-1])] if merges else [*found, link]
        closed = isinstance(link, Diagonal)
    return found


def _parts(link: Value, transposed: bool) -> tuple[Value, ...]:
    """D_c, A and D_r of a matrix D_r A D_c (or its transpose), in the order in which they are applied.

    The scales are powers of two, so that nothing is rounded, and every row and column of A has an entry of size one.
    """
    if isinstance(link, Diagonal):
        return (link,)
    matrix = link.T if transposed else link
    rows = _scales(matrix, 1)
    columns = _scales(matrix / rows, 0)
    return Diagonal(columns.T), matrix / rows / columns, Diagonal(rows)


def _scales(matrix: Array, axis: int) -> Array:
    """The power of two next to the largest entry along an axis; one where all are zero."""
    largest = np.abs(matrix).max(axis=axis, keepdims=True)
    return np.where(largest > 0, np.exp2(np.frexp(largest)[1] - 1.0), 1.0)


def numerical_rank(packed: Array, sizes: Array) -> int:
    """The number of rows of a triangular factor (n, k) that are not zero up to rounding.

    ``sizes`` (n,) are those of the rows that were factored, descending.  Row i of R is made of rows no larger than the
    i-th of them, each of which carries a rounding of its own size, so below that nothing is known of it.
    """
    upper = np.abs(np.triu(packed[: packed.shape[1]])).max(axis=1, initial=0.0)
    known = upper > _ROUNDING * np.maximum(sizes[: len(upper)], np.finfo(np.float64).tiny)
    return int(np.flatnonzero(known)[-1]) + 1 if known.any() else 0


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
