"""Loss and gradient as one function: what is computed before, in, between and after its two loops."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from derive.compiled.plan import made_by, outside, storing
from derive.compiled.roots import Roots
from derive.compiled.stages import Loop
from derive.compiled.three_address import Instruction, Rank, needed

PARTS = frozenset({"part", "part_of_rows"})
"""What looks at some rows of a value.  Where a loop keeps that value for all steps, its parts are kept with it."""


@dataclass(frozen=True)
class Whole:
    """The parts in the order in which they run: ``before``, ``forward``, ``between``, ``backward``, ``after``."""

    roots: Roots

    @cached_property
    def forward(self) -> Loop:
        return Loop(Rank.RECURRENT, self.roots.states)

    @cached_property
    def backward(self) -> Loop:
        return storing(Loop(Rank.SWEPT, self.roots.sent, self.roots.letters), self.roots.gradients.values())

    @cached_property
    def before(self) -> list[Instruction]:
        """What the forward pass needs that does not depend on it."""
        return needed(self.forward.body({})[1])[0]

    @cached_property
    def _known(self) -> set[Instruction]:
        made = {own for own in self.forward.body({})[0] if own.operation not in PARTS}
        return {*self.before, *made, *(carry.leaf for carry in self.roots.states)}

    @cached_property
    def between(self) -> list[Instruction]:
        """The loss, and what the sweep reads of all steps."""
        return needed([self.roots.loss, *outside(self.backward)], self._known)[0]

    @cached_property
    def after(self) -> list[Instruction]:
        """The gradients, from what the sweep has kept."""
        swept = {*made_by(self.backward), *(carry.leaf for carry in self.roots.sent)}
        return needed(self.roots.gradients.values(), self._known | {*self.between} | swept)[0]

    @cached_property
    def stored(self) -> tuple[Instruction, ...]:
        """What the forward pass keeps for all steps, besides the states."""
        states = {carry.result for carry in self.roots.states}
        made = {own for own in self.forward.body({})[0] if own in self._known and own not in states}
        later = [*_read(self.between), *outside(self.backward), *_read(self.after), self.roots.loss]
        return tuple(dict.fromkeys(own for own in later if own in made))

    @cached_property
    def results(self) -> tuple[Instruction, ...]:
        """The loss, then every gradient once."""
        return tuple(dict.fromkeys([self.roots.loss, *self.roots.gradients.values()]))

    @cached_property
    def read_by_steps(self) -> list[Instruction]:
        """What the steps of the loops read of what is there for all of them."""
        return [own for loop in (self.forward, self.backward) for own in outside(loop)]

    @cached_property
    def leaving(self) -> tuple[Instruction, ...]:
        """What has the numbers of the results: a part of something has none of its own."""
        found = []
        for own in self.results:
            while own.operation in PARTS:
                (own,) = own.arguments
            found.append(own)
        return tuple(dict.fromkeys(found))

    @cached_property
    def reads(self) -> tuple[Instruction, ...]:
        """What is read of what the function is given."""
        used = [*_read(self.before), *_read(self.between), *_read(self.after), *self.read_by_steps, *self.results]
        starts = [carry.start for carry in self.roots.states if carry.start is not None]
        told = {carry.leaf for carry in (*self.roots.states, *self.roots.sent)}
        told |= {letter.leaf for letter in self.roots.letters}
        return tuple(own for own in dict.fromkeys([*used, *starts]) if own.is_read and own not in told)

    @cached_property
    def used_last(self) -> set[Instruction]:
        """What is used when both loops are over."""
        return {*_read(self.after), *self.results}

    def used_after(self, part: str) -> set[Instruction]:
        """What later parts, and the caller, use."""
        later = {"before": ["between", "after"], "between": ["after"], "after": []}[part]
        loops = [self.backward] if part == "between" else [self.forward, self.backward] if part == "before" else []
        found = {own for name in later for own in _read(getattr(self, name))}
        return found | {own for loop in loops for own in outside(loop)} | {*self.results}


def _read(instructions: Iterable[Instruction]) -> list[Instruction]:
    return [argument for own in instructions for argument in own.arguments]
