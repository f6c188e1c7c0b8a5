"""The functions of a program: which instructions each computes, what it is given, and what it leaves for later ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import sympy as sp

from derive.compiled.three_address import Instruction, Rank, needed, plain
from derive.indices import T


@dataclass(frozen=True)
class Carry:
    """A value that one step hands to the next: ``leaf`` there is ``result`` here; ``start`` is it before the first."""

    leaf: Instruction
    result: Instruction
    start: Instruction | None = None


@dataclass(frozen=True)
class Letter:
    """A value that is set at every step, and what it is: at the last step, and at the others."""

    leaf: Instruction
    regular: Instruction
    last: Instruction


@dataclass(frozen=True)
class Loop:
    """A step to be repeated: in the order of time, or back from the last, where the letters may be something else.

    The values in ``stored`` are kept for all steps.  Behind the last step of an ``open`` loop there is another piece of
    the sequence, and what it hands on is given.
    """

    rank: Rank
    carries: tuple[Carry, ...]
    letters: tuple[Letter, ...] = ()
    stored: tuple[Instruction, ...] = ()
    open: bool = False

    @property
    def backward(self) -> bool:
        return self.rank == Rank.SWEPT

    @property
    def regular(self) -> dict[Instruction, Instruction]:
        return {letter.leaf: letter.regular for letter in self.letters}

    @property
    def last(self) -> dict[Instruction, Instruction]:
        return {letter.leaf: letter.last for letter in self.letters}

    def body(self, replaced: Mapping[Instruction, Instruction]) -> tuple[list[Instruction], list[Instruction]]:
        """What is computed at every step, and what that needs of other steps or of none."""
        roots = [*(carry.result for carry in self.carries), *self.stored]
        return needed(roots, Before(self.rank), replaced)


class Before:
    """All instructions that are known before those of a rank."""

    def __init__(self, rank: Rank) -> None:
        self.rank = rank

    def __contains__(self, instruction: object) -> bool:
        return isinstance(instruction, Instruction) and instruction.rank < self.rank


@dataclass
class Stage:
    """A function: straight lines, perhaps a loop, and straight lines again.

    ``results`` are what it is asked for, by name; ``outputs`` are all that it returns, with what its loop hands on in
    the end, ``handed_on``.  In a stage with ``columns``, what is swept may have more axes in front.
    """

    name: str
    inputs: list[Instruction]
    before: list[Instruction] = field(default_factory=list)
    loop: Loop | None = None
    after: list[Instruction] = field(default_factory=list)
    results: dict[str, Instruction] = field(default_factory=dict)
    outputs: list[Instruction] = field(default_factory=list)
    columns: bool = False
    handed_on: tuple[Instruction, ...] = ()
    steps: sp.Symbol = T
    """What the number of steps of its phase is called."""

    @property
    def made(self) -> set[Instruction]:
        """All that another stage may ask of this one."""
        made = {*self.before, *self.after}
        if self.loop is not None:
            made |= {*self.loop.body(self.loop.regular)[0], *(carry.leaf for carry in self.loop.carries)}
        return made

    def leave(self, wanted: Iterable[Instruction]) -> None:
        """Return what later stages want, too."""
        made = self.made
        left = (instruction for instruction in wanted if instruction in made)
        self.outputs = list(dict.fromkeys(map(plain, [*self.results.values(), *self.handed_on, *left])))


def straight(
    name: str, results: Mapping[str, Instruction], known: Collection[Instruction], columns: bool = False
) -> Stage:
    """A stage without a loop."""
    computed, found = needed(results.values(), known)
    return Stage(name, found, before=computed, results=dict(results), columns=columns)
