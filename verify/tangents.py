"""The derivatives of an array in many directions at once, as dual numbers carry them.

The tangent of an array of shape (…, r, c) has the directions on a trailing axis, (…, r, c, K): then W ḣ is one matrix
product for all directions.  Of what is moved itself, an entry in a direction of its own, that array would be zeros and
a few ones: it is *placed* instead, entry by entry, and Ẇ h is h put in its places.  A tangent is the sum of a dense
array and of placed entries.  It may be shorter than another, and is zero in the directions beyond its end: those of
what is used first come first, so that nothing is computed in a direction in which nothing has moved yet.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from derive.arithmetic import Array

Shape = tuple[int, ...]
_APART = 8
"""Placed pieces that are kept apart; a recurrence that only ever adds to them is put together from time to time."""


@dataclass(frozen=True)
class Placed:
    """Entries (row, column, direction) of a tangent, none twice, with their values (…, how many).

    ``lone``: every direction has one entry only.
    """

    rows: Array
    cols: Array
    directions: Array
    values: Array
    length: int
    lone: bool = True

    def scaled(self, by: Array) -> Placed:
        return replace(self, values=self.values * by[..., self.rows, self.cols])

    def transposed(self) -> Placed:
        return replace(self, rows=self.cols, cols=self.rows)

    def times(self, matrix: Array) -> Placed:
        """The tangent of X·(matrix), where this is that of X: (i, j, d) goes to (i, q, d) for every column q."""
        width = matrix.shape[-1]
        values = self.values[..., None] * matrix[..., self.cols, :]
        return Placed(
            np.repeat(self.rows, width), np.tile(np.arange(width), len(self.rows)), np.repeat(self.directions, width),
            values.reshape((*values.shape[:-2], -1)), self.length, self.lone and width == 1,
        )  # fmt: skip


def placed(directions: Array) -> Placed | None:
    """Every entry of a matrix moves by itself, in the direction with the given number; those with −1 stay."""
    rows, cols = np.nonzero(directions >= 0)
    if not len(rows):
        return None
    numbers = directions[rows, cols]
    return Placed(rows, cols, numbers, np.ones(len(rows)), int(numbers.max()) + 1)


@dataclass(frozen=True)
class Tangent:
    """Of an array of shape (…, r, c): a dense part (…, r, c, K), and placed entries."""

    dense: Array | None = None
    pieces: tuple[Placed, ...] = ()

    @property
    def length(self) -> int:
        own = 0 if self.dense is None else self.dense.shape[-1]
        return max((own, *(piece.length for piece in self.pieces)))

    def array(self, shape: Shape, by: Array | None = None) -> Array:
        """All of it as one array (*shape, K), multiplied entry by entry ``by`` an array of that shape."""
        if self.dense is not None and not self.pieces and by is None and self.dense.shape[:-1] == shape:
            return self.dense
        total = self._dense_part(shape, by)
        for piece in self.pieces if by is None else tuple(piece.scaled(by) for piece in self.pieces):
            total[..., piece.rows, piece.cols, piece.directions] += piece.values
        return total

    def _dense_part(self, shape: Shape, by: Array | None) -> Array:
        if self.dense is None:
            return np.zeros((*shape, self.length))
        length, total = self.dense.shape[-1], np.empty((*shape, self.length))
        total[..., length:] = 0.0
        np.multiply(self.dense, 1.0 if by is None else by[..., None], out=total[..., :length])
        return total

    def over(self, shape: Shape, result: Shape) -> Tangent:
        """The same where an array of ``shape`` is repeated to the shape ``result``."""
        if shape[-2:] == result[-2:]:
            return self  # the axes in front are repeated when they have to be
        dense = self.array(shape)
        return Tangent(np.broadcast_to(dense, (*result, dense.shape[-1])))

    def plus(self, other: Tangent, shape: Shape) -> Tangent:
        """The sum; both belong to arrays with the same rows and columns."""
        pieces = (*self.pieces, *other.pieces)
        total = Tangent(_sum(self.dense, other.dense), pieces)
        return total if len(pieces) <= _APART else Tangent(total.array(shape))

    def scaled(self, by: Array) -> Tangent:
        """Multiplied entry by entry by an array that has all rows and columns."""
        dense = None if self.dense is None else self.dense * by[..., None]
        return Tangent(dense, tuple(piece.scaled(by) for piece in self.pieces))

    def after(self, matrix: Array, shape: Shape) -> Tangent:
        """Of (matrix)·X, where this is the tangent of X, which has ``shape``: one product for all directions."""
        dense = self.array(shape)
        product = matrix @ dense.reshape((*dense.shape[:-2], -1))
        return Tangent(product.reshape((*product.shape[:-1], *dense.shape[-2:])))

    def before(self, matrix: Array, shape: Shape) -> Tangent:
        """Of X·(matrix), where this is the tangent of X, which has ``shape``."""
        if not all(piece.lone for piece in self.pieces):
            return Tangent(self.array(shape)).before(matrix, shape)
        dense = None if self.dense is None else np.swapaxes(matrix, -1, -2)[..., None, :, :] @ self.dense
        return Tangent(dense, tuple(piece.times(matrix) for piece in self.pieces))

    def transposed(self) -> Tangent:
        dense = None if self.dense is None else np.swapaxes(self.dense, -2, -3)
        return Tangent(dense, tuple(piece.transposed() for piece in self.pieces))


def _sum(one: Array | None, two: Array | None) -> Array | None:
    """The sum of two dense parts, of which one may be shorter."""
    if one is None or two is None:
        return two if one is None else one
    long, short = (one, two) if one.shape[-1] >= two.shape[-1] else (two, one)
    if long.shape[-1] == short.shape[-1]:
        return long + short
    total = np.array(np.broadcast_to(long, (*np.broadcast_shapes(long.shape[:-1], short.shape[:-1]), long.shape[-1])))
    total[..., : short.shape[-1]] += short
    return total
