"""Loss and gradient as one function: its parts, straight lines and loops, in the order in which they run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from derive.compiled.plan import made_by, outside, storing
from derive.compiled.roots import PhaseRoots, Roots
from derive.compiled.stages import Loop
from derive.compiled.three_address import Instruction, Rank, needed

PARTS = frozenset({"part", "part_of_rows"})
"""What looks at some rows of a value.  Where a loop keeps that value for all steps, its parts are kept with it."""
Straight: TypeAlias = list[Instruction]
Part: TypeAlias = Straight | Loop


@dataclass(frozen=True)
class Whole:
    """The loops of all phases in the order of time, the loss, and the loops back from the last phase to the first.

    What a loop needs that does not depend on its steps stands in straight lines before it.
    """

    roots: Roots

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        known: set[Instruction] = set()
        found: list[Part] = []
        for phase in self.roots.phases:
            loop = Loop(Rank.RECURRENT, phase.states)
            before = needed([*loop.body({})[1], *_starts(phase)], known)[0]
            found += [before, loop]
            known |= {*before, *_kept_by(loop)}
        back = [storing(self._sweep(phase), self.roots.gradients.values()) for phase in reversed(self.roots.phases)]
        between = needed([self.roots.loss, *(own for loop in back for own in outside(loop))], known)[0]
        known |= {*between, *(own for loop in back for own in _kept_by(loop))}
        return (*found, between, *back, needed(self.roots.gradients.values(), known)[0])

    @staticmethod
    def _sweep(phase: PhaseRoots) -> Loop:
        return Loop(Rank.SWEPT, phase.sent, phase.letters)

    @property
    def loops(self) -> tuple[Loop, ...]:
        return tuple(part for part in self.parts if isinstance(part, Loop))

    @property
    def straight(self) -> tuple[Instruction, ...]:
        """All that is computed outside of the loops."""
        return tuple(own for part in self.parts if not isinstance(part, Loop) for own in part)

    def kept(self, loop: Loop) -> tuple[Instruction, ...]:
        """What a loop in the order of time keeps for all steps, besides the states."""
        states = {carry.result for carry in loop.carries}
        made = set(_kept_by(loop)) - states - {carry.leaf for carry in loop.carries}
        later = [*self.used_after(loop)]
        return tuple(dict.fromkeys(own for own in later if own in made))

    @cached_property
    def results(self) -> tuple[Instruction, ...]:
        """The loss, then every gradient once."""
        return tuple(dict.fromkeys([self.roots.loss, *self.roots.gradients.values()]))

    @cached_property
    def read_by_steps(self) -> list[Instruction]:
        """What the steps of the loops read of what is there for all of them."""
        return [own for loop in self.loops for own in outside(loop)]

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
        used = [*_read(self.straight), *self.read_by_steps, *self.results]
        used += [start for phase in self.roots.phases for start in _starts(phase)]
        told = {carry.leaf for loop in self.loops for carry in loop.carries}
        told |= {letter.leaf for loop in self.loops for letter in loop.letters}
        return tuple(own for own in dict.fromkeys(used) if own.is_read and own not in told)

    def used_after(self, part: Part) -> dict[Instruction, None]:
        """What later parts, and the caller, use."""
        place = next(place for place, own in enumerate(self.parts) if own is part)
        found: dict[Instruction, None] = {}
        for later in self.parts[place + 1 :]:
            if isinstance(later, Loop):
                starts = (carry.start for carry in later.carries)
                found |= dict.fromkeys([*outside(later), *(start for start in starts if start is not None)])
            else:
                found |= dict.fromkeys(_read(later))
        return found | dict.fromkeys(self.results)


def _starts(phase: PhaseRoots) -> list[Instruction]:
    return [carry.start for carry in phase.states if carry.start is not None]


def _kept_by(loop: Loop) -> list[Instruction]:
    """All that later parts may ask of a loop."""
    made = made_by(loop) if loop.backward else loop.body({})[0]
    return [*(own for own in made if own.operation not in PARTS or loop.backward), *(c.leaf for c in loop.carries)]


def _read(instructions: Iterable[Instruction]) -> list[Instruction]:
    return [argument for own in instructions for argument in own.arguments]
