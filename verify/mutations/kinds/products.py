"""Factors in the wrong order, or lost."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.build import hadamard, matmul, transpose
from derive.expr import Hadamard, MatMul, Transpose
from derive.sums import OrderedProduct
from verify.mutations.kind import Kind
from verify.mutations.kinds.transposes import is_square
from verify.mutations.places import Change, Place
from verify.mutations.wording import called


def _reversed(place: Place) -> Iterator[Change]:
    """c_{i+1} ⋯ c_t is (c_tᵀ ⋯ c_{i+1}ᵀ)ᵀ; and neighbours exchanged."""
    part = place.part
    if isinstance(part, OrderedProduct):
        ascending = Transpose(OrderedProduct(transpose(part.body), *part.args[1:]))
        yield Change("chain", "with the product chain in the wrong order", ascending)
    if isinstance(part, MatMul):
        for place_, (left, right) in enumerate(pairwise(part.args)):
            if is_square(left) and is_square(right) and left != right:
                factors = (*part.args[:place_], right, left, *part.args[place_ + 2 :])
                yield Change(f"{left}, {right}", f"with {called(right)} before {called(left)}", matmul(*factors))


def _missing(place: Place) -> Iterator[Change]:
    part = place.part
    if not isinstance(part, MatMul | Hadamard):
        return
    build = matmul if isinstance(part, MatMul) else hadamard
    for place_, factor in enumerate(part.args):
        if isinstance(part, Hadamard) or is_square(factor):
            rest = (*part.args[:place_], *part.args[place_ + 1 :])
            yield Change(f"without {factor}", f"without the factor {called(factor)}", build(*rest))


KINDS = (
    Kind("reversed product", "Matrices do not commute: the later Jacobian stands on the left.", _reversed),
    Kind("missing factor", "Every link of the chain is a factor.", _missing, general=True),
)
