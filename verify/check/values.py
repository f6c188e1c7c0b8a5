"""What a formula's parts are worth: exact matrices, and derivatives, which remember what they are of and by.

The chain rule composes derivatives as maps: ∂ℓ/∂o · ∂o/∂h is of ℓ, by h, whatever the layout; only where a derivative
meets a matrix, or is compared with one, does the convention say how its entries are laid out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from derive.arithmetic import Array
from verify.check.convention import Convention, Vectors

Shape = tuple[int, int]
ONE: Shape = (1, 1)


class MeaningError(Exception):
    """A formula that has no value; the text says why, to its author."""


class ShapeError(MeaningError):
    """Sizes that do not fit: with one unit, everything does."""


@dataclass(frozen=True)
class Value:
    """A matrix; or, with ``of`` and ``by``, a derivative: entry (i, j) is that of the i-th entry of what it is of by
    the j-th of what it is by, both counted row by row.  ``identity``: that number times an identity of any size."""

    matrix: Array
    of: Shape | None = None
    by: Shape | None = None
    identity: bool = False

    @property
    def is_derivative(self) -> bool:
        return self.of is not None

    @property
    def is_scalar(self) -> bool:
        return self.matrix.shape == ONE and (not self.is_derivative or (self.of, self.by) == (ONE, ONE))

    def scaled(self, factor: Any) -> Value:
        return replace(self, matrix=factor * self.matrix)

    def sized(self, size: int) -> Array:
        """An identity of that size, times its number."""
        found = np.empty((size, size), dtype=object)
        found[...] = 0 * self.matrix[0, 0]
        np.fill_diagonal(found, self.matrix[0, 0])
        return found


def laid_out(value: Value, convention: Convention) -> Iterator[Array]:
    """A value as a matrix: the ways in which the convention may write it, the usual one first."""
    if not value.is_derivative:
        yield value.matrix
        return
    of, by = value.of, value.by
    assert of is not None and by is not None
    if of == ONE and 1 not in by:
        gradient = value.matrix.reshape(by)
        yield gradient.T if convention.turned is not (convention.vectors is Vectors.ROWS_TURNED) else gradient
    elif of == ONE or by == ONE:  # a number by a vector, or a vector by a number: as a row or as a column
        flat = value.matrix.reshape(-1)
        shapes = [(len(flat), 1), (1, len(flat))]
        for shape in shapes if by != ONE or not convention.denominator else reversed(shapes):
            yield flat.reshape(shape)
    elif 1 in of and 1 in by:
        yield value.matrix.T if convention.denominator else value.matrix
    # the derivative of a vector by a matrix has no matrix of its own


def added(left: Value, right: Value, convention: Convention) -> Value:
    """Raises MeaningError where the shapes do not fit."""
    alike = (left.of, left.by, left.matrix.shape) == (right.of, right.by, right.matrix.shape)
    if alike and left.identity == right.identity:
        return replace(left, matrix=left.matrix + right.matrix)
    for unit, other in ((left, right), (right, left)):
        if unit.identity and _is_square(other):
            return replace(other, matrix=other.matrix + unit.sized(len(other.matrix)))
    for zero, other in ((left, right), (right, left)):
        if is_nought(zero):
            return other
    for one in laid_out(left, convention):
        for two in laid_out(right, convention):
            if one.shape == two.shape:
                return Value(one + two)
    raise ShapeError(f"{shape_of(left)} is added to {shape_of(right)}")


def is_nought(value: Value) -> bool:
    """Whether it is the number nought."""
    if value.matrix.shape != ONE or value.is_derivative:
        return False
    entry = value.matrix[0, 0]
    return not np.any(entry != 0 * entry)


def _is_square(value: Value) -> bool:
    """Whether an identity can be added to it."""
    return not value.identity and value.matrix.shape[0] == value.matrix.shape[1]


def multiplied(left: Value, right: Value, convention: Convention) -> Value:
    """Numbers scale, derivatives are chained, matrices are multiplied.  Raises MeaningError where nothing fits."""
    for number, other in sorted(((left, right), (right, left)), key=lambda pair: pair[0].identity):
        if number.is_scalar:
            nought = not other.is_scalar and is_nought(number)  # which has no size: a sum of no terms, say
            return number if nought else other.scaled(number.matrix[0, 0])
    if left.is_derivative and right.is_derivative:
        first, second = (right, left) if convention.denominator else (left, right)
        if first.by == second.of:
            return Value(first.matrix @ second.matrix, first.of, second.by)
    found = _beside(left, right, convention)
    if found is not None:
        return found
    for one in laid_out(left, convention):
        for two in laid_out(right, convention):
            if one.shape[1] == two.shape[0]:
                return Value(one @ two)
    raise ShapeError(f"{shape_of(left)} is multiplied by {shape_of(right)}")


def _beside(left: Value, right: Value, convention: Convention) -> Value | None:
    """A matrix before the derivative of a vector by a matrix (after it, in denominator layout) acts on the vector."""
    derivative, other = (left, right) if convention.denominator else (right, left)
    if not _is_of_vector_by_matrix(derivative):
        return None
    for own in laid_out(other, convention):
        matrix = own.T if convention.denominator else own
        if matrix.shape[1] == derivative.matrix.shape[0]:
            return Value(matrix @ derivative.matrix, (matrix.shape[0], 1), derivative.by)
    return None


def _is_of_vector_by_matrix(value: Value) -> bool:
    return value.of is not None and value.by is not None and 1 in value.of and value.of != ONE and 1 not in value.by


def entrywise(left: Value, right: Value, convention: Convention) -> Value:
    """⊙; a row or a column is repeated beside a matrix as NumPy does not: shapes have to be the same."""
    for one in laid_out(left, convention):
        for two in laid_out(right, convention):
            if one.shape == two.shape:
                return Value(one * two)
    raise ShapeError(f"{shape_of(left)} ⊙ {shape_of(right)}")


def turned(value: Value, convention: Convention) -> Value:
    """The transpose."""
    if value.identity:
        return value
    if value.of == ONE and value.by is not None and value.by != ONE and 1 in value.by:
        return Value(value.matrix.T, value.by, ONE)  # a row or a column, as the formula needs it
    matrix = next(laid_out(value, convention), None)
    if matrix is None:
        raise ShapeError("the derivative of a vector by a matrix is transposed")
    return Value(matrix.T)


def same(left: Value, right: Value, convention: Convention) -> bool | None:
    """Whether two values are equal; None where their shapes do not compare."""
    for unit, other in ((left, right), (right, left)):
        if unit.identity and _is_square(other):
            return bool(np.all(other.matrix == unit.sized(len(other.matrix))))
    if (left.of, left.by) == (right.of, right.by) and left.matrix.shape == right.matrix.shape:
        return bool(np.all(left.matrix == right.matrix))
    compared = [
        bool(np.all(one == two))
        for one in laid_out(left, convention) for two in laid_out(right, convention) if one.shape == two.shape
    ]  # fmt: skip
    zeros = [value for value in (left, right) if value.matrix.shape == ONE and not value.is_derivative]
    if not compared and zeros and all(entry == 0 * entry for entry in zeros[0].matrix.flat):
        other = right if zeros[0] is left else left
        return all(entry == 0 * entry for entry in other.matrix.flat)
    return any(compared) if compared else None


def shape_of(value: Value) -> str:
    """In words, for a complaint."""
    if value.is_derivative:
        return f"a derivative of {_shape(value.of)} by {_shape(value.by)}"
    return _shape(value.matrix.shape)


def _shape(shape: Shape | None) -> str:
    assert shape is not None
    return "a number" if shape == ONE else f"{shape[0]}×{shape[1]}"
