"""Outer products and indices the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from derive.build import kron, matmul, transpose
from derive.entries import Entry
from derive.expr import ONE, Kron, MatMul, Node
from derive.sums import rewrite
from verify.mutations.kind import Kind, section
from verify.mutations.places import Change, Place


def _swapped(place: Place) -> Iterator[Change]:
    """b aᵀ for a bᵀ; B ⊗ A for A ⊗ B."""
    part, phrase = place.part, "with the factors of the outer product exchanged"
    if isinstance(part, MatMul) and part.args[-1].shape[0] == ONE and part.shape[0] == part.shape[1] != ONE:
        left, right = matmul(*part.args[:-1]), part.args[-1]
        yield Change("outer product", phrase, matmul(transpose(right), transpose(left)))
    if isinstance(part, Kron):
        yield Change("outer product", phrase, kron(part.args[1], part.args[0]))


def _indices(place: Place) -> Iterator[Change]:
    """Row and column of an entry exchanged, where both run to the same end."""
    where = [own for own in place.step.where if own.index.is_nonnegative]
    if not place.is_whole or section(place.step) != "entry" or len(where) != 2 or where[0].upper != where[1].upper:
        return
    row, col = (own.index for own in where)
    swap = {row: col, col: row}

    def swapped(part: Node) -> Node | None:
        if not isinstance(part, Entry):
            return None
        return Entry(part.body, *(swap.get(index, index) for index in part.args[1:]))

    yield Change("indices", "with row and column exchanged", rewrite(place.part, swapped))


KINDS = (
    Kind("outer product the wrong way", "A gradient has the shape of its parameter: error times inputᵀ.", _swapped),
    Kind("indices exchanged", "The row of a weight is where it leads, the column where it comes from.", _indices),
)
