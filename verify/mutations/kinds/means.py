"""The factor 1/T: lost, or put where there is only one loss."""

from __future__ import annotations

from collections.abc import Iterator

from derive.build import scale, split_factor
from derive.derivation import Step
from derive.derivatives import Derivative, Gradient
from derive.entries import Entry
from derive.expr import Scale, Vec
from derive.indices import T
from verify.mutations.kind import Kind
from verify.mutations.places import Change, Place


def _missing(place: Place) -> Iterator[Change]:
    factor, body = split_factor(place.part)
    if isinstance(place.part, Scale) and T in factor.free_symbols:
        yield Change("1/T", "without the factor 1/T", body)


def is_of_the_loss(step: Step) -> bool:
    """Whether a step says what a gradient of the whole loss is."""
    lhs = step.lhs.args[0] if isinstance(step.lhs, Vec | Entry) else step.lhs
    return isinstance(lhs, Gradient) or (isinstance(lhs, Derivative) and lhs.target.shape == (1, 1))


def _where_one(place: Place) -> Iterator[Change]:
    weight = place.context.model.wiring.weight
    if place.is_whole and weight == 1 and is_of_the_loss(place.step):
        yield Change("1/T", "with a factor 1/T, as if there were a loss at every step", scale(1 / T, place.part))


KINDS = (
    Kind("missing 1/T", "The loss is a mean over the steps, and so is its gradient.", _missing),
    Kind("1/T of one loss", "There is one loss, at the last step: nothing is averaged.", _where_one),
)
