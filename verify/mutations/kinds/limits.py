"""Sums and products that begin or end one step off, over the wrong pairs, or not at all."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derive.sums import Bound, OrderedProduct, Sum, reindex
from verify.mutations.kind import Kind
from verify.mutations.kinds.subscripts import is_time
from verify.mutations.places import Change, Place
from verify.mutations.wording import index_text


def _off_by_one(place: Place) -> Iterator[Change]:
    """Never below 1 or above a size: there is nothing, and a program stops."""
    part = place.part
    if not isinstance(part, Bound):
        return
    for end, by in (("begins", 1), ("begins", -1), ("ends", 1), ("ends", -1)):
        lower = part.lower + (by if end == "begins" else 0)
        upper = part.upper + (by if end == "ends" else 0)
        if lower.is_nonpositive or (end == "ends" and by > 0 and part.upper.is_positive):
            continue
        what = f"the {'product' if isinstance(part, OrderedProduct) else 'sum'} over {index_text(part.index)}"
        when = "late" if by > 0 else "early"
        changed = type(part)(part.body, part.index, lower, upper)
        yield Change(f"{what} {end} {when}", f"with {what} that {end} one too {when}", changed)


def _triangle(place: Place) -> Iterator[Change]:
    """i from t on, where it should run up to t."""
    part = place.part
    if not isinstance(part, Sum):
        return
    for outer in place.above:
        if not isinstance(outer, Sum):
            continue
        if part.upper == outer.index:
            low, high = outer.index, outer.upper
        elif part.lower == outer.index:
            low, high = outer.lower, outer.index
        else:
            continue
        phrase = f"with the sum over {index_text(part.index)} from {index_text(low)} to {index_text(high)}"
        yield Change("triangle", phrase, Sum(part.body, part.index, low, high))


def _not_summed(place: Place) -> Iterator[Change]:
    part = place.part
    if isinstance(part, Sum) and is_time(part.index) and isinstance(part.upper, sp.Symbol):
        last = reindex(part.body, {part.index: part.upper})
        phrase = (
            f"with the term of step {index_text(part.upper)} alone in place of the sum over {index_text(part.index)}"
        )
        yield Change(f"sum over {part.index}", phrase, last)


KINDS = (
    Kind("limit off by one", "A sum or a product begins or ends one step too early or too late.", _off_by_one),
    Kind("wrong triangle of pairs", "A state acts on the losses that come after it, not before.", _triangle),
    Kind("only the last step", "The parameters are shared by all steps, so every step adds its term.", _not_summed),
)
