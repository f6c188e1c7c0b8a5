"""Sums and products of values: which instruction makes one of two, by the shapes of both."""

from __future__ import annotations

from collections.abc import Sequence

import sympy as sp

from derive.compiled.three_address import Instruction, Listing
from derive.expr import ONE
from derive.indices import Shape

_ON_NUMBERS = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
}
_NEUTRAL = {"add": sp.Integer(0), "multiply": ONE}
SCALAR: Shape = (ONE, ONE)


def entrywise(listing: Listing, operation: str, left: Instruction, right: Instruction, shape: Shape) -> Instruction:
    """An operation between entries of one place; 0 is not added, and 1 not multiplied by."""
    if left.is_number and right.is_number:
        return listing.number(_ON_NUMBERS[operation](left.operands[0], right.operands[0]), shape)
    neutral = _NEUTRAL.get(operation)
    for one, other in ((left, right), (right, left)):
        if one.is_number and neutral is not None and one.operands[0] == neutral and other.shape == shape:
            return other
    return listing.add(operation, (left, right), shape)


def summed(listing: Listing, terms: Sequence[tuple[bool, Instruction]], shape: Shape) -> Instruction:
    """The sum of the terms, of which some (True) are subtracted: what is known early first."""
    (negative, found), *rest = sorted(terms, key=lambda term: (term[1].rank, term[0]))
    if negative and (positive := next((term for term in rest if not term[0]), None)):
        rest.remove(positive)
        found, rest = positive[1], [(True, found), *rest]
    elif negative:
        found = entrywise(listing, "multiply", listing.number(sp.Integer(-1), shape), found, shape)
    for minus, term in rest:
        found = entrywise(listing, "subtract" if minus else "add", found, term, shape)
    return found


def multiplied(listing: Listing, factors: Sequence[Instruction], shape: Shape) -> Instruction:
    """The entrywise product: what is known early first."""
    found, *rest = sorted(factors, key=lambda factor: factor.rank)
    for factor in rest:
        found = entrywise(listing, "multiply", found, factor, shape)
    return found


def total(listing: Listing, vector: Instruction) -> Instruction:
    """The sum of the entries."""
    return listing.add("total", (listing.array(vector),), SCALAR)


def transposed(listing: Listing, value: Instruction) -> Instruction:
    """A row is kept as a column is; diag(u) is its own transpose."""
    shape = value.shape[1], value.shape[0]
    if value.is_number:
        return listing.number(value.operands[0], shape)
    if value.operation == "diagonal" or value.shape == SCALAR:
        return value
    if value.is_vector:
        return listing.turned(value)
    return value.arguments[0] if value.operation == "transpose" else listing.add("transpose", (value,), shape)


def as_matrix(listing: Listing, value: Instruction) -> Instruction:
    """With an axis for the rows and one for the columns of the mathematics."""
    value = listing.array(value)
    if not value.is_vector:
        return value
    operation = "as_column" if value.shape[1] == ONE else "as_row"
    return listing.add(operation, (value,), value.shape)


def product(listing: Listing, factors: Sequence[Instruction]) -> Instruction:
    """A matrix product: from the right where it ends in a column, which costs less; else from the left."""
    found = list(factors)
    while len(found) > 1:
        if found[-1].shape[1] == ONE:
            found[-2:] = [_pair(listing, found[-2], found[-1])]
        else:
            found[:2] = [_pair(listing, found[0], found[1])]
    return found[0]


def _pair(listing: Listing, left: Instruction, right: Instruction) -> Instruction:
    shape = left.shape[0], right.shape[1]
    if SCALAR in (left.shape, right.shape):
        number, other = (left, right) if left.shape == SCALAR else (right, left)
        return scaled(listing, number, other)
    if left.operation == "diagonal" or right.operation == "diagonal":
        return _diagonal(listing, left, right)
    if shape == SCALAR:
        return total(listing, entrywise(listing, "multiply", _turned(listing, left), right, right.shape))
    if left.shape[1] == ONE:
        return listing.add("multiply", (as_matrix(listing, left), as_matrix(listing, right)), shape)
    left, right = listing.array(left), listing.array(right)
    if right.shape[1] == ONE:
        if left.extent == 0:
            return listing.add("dot", (right, transposed(listing, left)), shape)
        return listing.add("first_column", (listing.add("matmul", (left, as_matrix(listing, right)), shape),), shape)
    if left.shape[0] == ONE:
        if right.extent == 0:
            return listing.add("dot", (left, right), shape)
        return listing.add("first_row", (listing.add("matmul", (as_matrix(listing, left), right), shape),), shape)
    return listing.add("matmul", (left, right), shape)


def scaled(listing: Listing, number: Instruction, other: Instruction) -> Instruction:
    """A scalar times anything."""
    if number.is_number or other.is_vector:
        other = other if number.is_number or other.shape == SCALAR else listing.array(other)
        return entrywise(listing, "multiply", number, other, other.shape)
    return listing.add("multiply", (as_matrix(listing, number), listing.array(other)), other.shape)


def _turned(listing: Listing, value: Instruction) -> Instruction:
    return transposed(listing, value) if value.shape[0] == ONE else value


def column_of(listing: Listing, diagonal: Instruction) -> Instruction:
    """The u of diag(u)."""
    (u,) = diagonal.arguments
    return u if u.shape[1] == ONE else transposed(listing, u)


def _diagonal(listing: Listing, left: Instruction, right: Instruction) -> Instruction:
    """diag(u) A scales the rows of A, A diag(u) its columns."""
    if left.operation == "diagonal" and right.operation == "diagonal":
        u, v = column_of(listing, left), column_of(listing, right)
        return listing.add("diagonal", (listing.array(entrywise(listing, "multiply", u, v, u.shape)),), left.shape)
    from_left = left.operation == "diagonal"
    u, other = (column_of(listing, left), right) if from_left else (column_of(listing, right), left)
    if other.is_vector:
        u = u if other.shape[1] == ONE else transposed(listing, u)
        return entrywise(listing, "multiply", u, other, other.shape)
    u = as_matrix(listing, u if from_left else transposed(listing, u))
    return listing.add("multiply", (u, listing.array(other)), other.shape)
