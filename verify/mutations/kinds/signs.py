"""A sign, or a number, wrong."""

from __future__ import annotations

from collections.abc import Iterator

from derive.build import add, scale, split_factor
from derive.expr import Add, Scale
from verify.mutations.kind import Kind, section
from verify.mutations.places import Change, Place
from verify.mutations.wording import called


def _sign(place: Place) -> Iterator[Change]:
    """Of the whole side, or of one term of a sum."""
    part = place.part
    if place.is_whole:
        yield Change("whole", "with the opposite sign", scale(-1, part))
    if isinstance(part, Add):
        for term in part.args[1:]:
            turned = add(*(scale(-1, other) if other is term else other for other in part.args))
            yield Change(f"sign of {term}", f"with the opposite sign of {called(split_factor(term)[1])}", turned)


def _number(place: Place) -> Iterator[Change]:
    part = place.part
    if isinstance(part, Scale) and part.args[0].is_Number and abs(part.args[0]) != 1:
        yield Change(f"{part.args[0]}", f"without the factor {part.args[0]}", part.args[1])
    if place.is_whole and section(place.step) == "seed":
        yield Change("twice", "with the error of the output counted twice", scale(2, part))


KINDS = (
    Kind("wrong sign", "Output minus target, not target minus output; and so on with every minus.", _sign),
    Kind("wrong number in front", "A square has the slope 2y, half a square y.", _number),
)
