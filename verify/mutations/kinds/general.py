"""Mistakes in the general theory: partial for total derivatives, blocks in wrong places, a wrong start."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from derive.derivatives import Call, Derivative
from derive.expr import Block, Fill, Identity, is_zero, ones, zeros
from verify.mutations.kind import Kind
from verify.mutations.places import Change, Place
from verify.mutations.wording import called


def _partial(place: Place) -> Iterator[Change]:
    """∂h_t/∂w for ∂f/∂w, and the other way round."""
    part = place.part
    if not isinstance(part, Derivative) or part.source.kind != "weights":
        return
    theory = place.context.theory
    if isinstance(part.target, Call):
        total = Derivative(part.target.output, part.source)
        yield Change("partial", f"with the total derivative {called(total)} in place of the partial one", total)
    elif part.target.head == theory.state.head and part.target.time != 0:
        partial = Derivative(theory.f(part.target.time), part.source)
        yield Change("total", f"with a partial derivative in place of the total one, {called(part)}", partial)


def _blocks(place: Place) -> Iterator[Change]:
    """A block lost, and two blocks exchanged."""
    part = place.part
    if not isinstance(part, Block):
        return
    blocks, count = part.args[1:], part.args[0]
    for number, own in enumerate(blocks):
        if not is_zero(own):
            kept = (*blocks[:number], zeros(*own.shape), *blocks[number + 1 :])
            yield Change(f"block {number}", f"without block {number + 1}", Block(count, *kept))
    for number, (own, other) in enumerate(pairwise(blocks)):
        if own.shape == other.shape and own != other:
            kept = (*blocks[:number], other, own, *blocks[number + 2 :])
            yield Change(
                f"blocks {number}", f"with blocks {number + 1} and {number + 2} exchanged", Block(count, *kept)
            )


def _start(place: Place) -> Iterator[Change]:
    """Nothing where there is something, and the other way round."""
    part = place.part
    if isinstance(part, Identity):
        yield Change("nothing", "started from nothing", zeros(*part.shape))
    if place.is_whole and isinstance(part, Fill):
        new = ones(*part.shape) if is_zero(part) else zeros(*part.shape)
        yield Change("something", "started from something else", new)


KINDS = (
    Kind("partial or total derivative", "∂f/∂w holds the state before fixed, ∂h_t/∂w does not.", _partial),
    Kind(
        "blocks in wrong places",
        "The row of a block is the state that answers, its column the state that is moved.",
        _blocks,
    ),
    Kind("wrong start", "A recursion is only as right as its first value.", _start),
)
