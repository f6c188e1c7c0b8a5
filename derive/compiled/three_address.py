"""Simple instructions, each found once: a target, an operation, and operands that are instructions or numbers.

A value holds one row a sequence and step: a column (n, 1) or row (1, n) of the mathematics is an array (rows, n), a
scalar (rows, 1), any other matrix (rows, n, m).  What is the same for all of them has no axis of rows, and broadcasts.
A column of sequences is then one matrix, and W h for all of them one product with Wᵀ from the right.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import TypeAlias

import sympy as sp

from derive.expr import ONE
from derive.indices import Shape


class Extent(IntEnum):
    """Which rows a value has: none, those of all steps, or those of the last step alone."""

    SHARED = 0
    STEPS = 1
    LAST = 2


class Rank(IntEnum):
    """How late a value is known: before the first step, with the inputs, in the recurrence, in the sweep back.

    Sums and products take the early ones first, so that as much as possible is done for all steps at once.
    """

    FIXED = 0
    GIVEN = 1
    RECURRENT = 2
    SWEPT = 3


@dataclass(frozen=True, eq=False)
class Instruction:
    """``target = operation(operands)``.  ``shape`` is that of the mathematics; a ``number`` is a plain number."""

    target: str
    operation: str
    operands: tuple[Operand, ...]
    shape: Shape
    extent: Extent
    rank: Rank
    length: sp.Symbol | None = None
    """The steps that it has rows for, where those are not the steps of the phase with the losses."""

    @property
    def arguments(self) -> tuple[Instruction, ...]:
        """The operands that are instructions."""
        return tuple(operand for operand in self.operands if isinstance(operand, Instruction))

    @property
    def is_vector(self) -> bool:
        return ONE in self.shape

    @property
    def width(self) -> sp.Expr:
        """The numbers in a row of a vector."""
        return self.shape[0] if self.shape[1] == ONE else self.shape[1]

    @property
    def is_number(self) -> bool:
        return self.operation == "number"

    @property
    def is_read(self) -> bool:
        """Whether it stands for what is given from outside."""
        return self.operation == "read"

    def __str__(self) -> str:
        words = (operand.target if isinstance(operand, Instruction) else str(operand) for operand in self.operands)
        return f"{self.target} = {self.operation} {', '.join(words)}"


Operand: TypeAlias = Instruction | sp.Expr | str


@dataclass
class Listing:
    """All instructions in the order in which they were written; none stands twice."""

    instructions: list[Instruction] = field(default_factory=list)
    known: dict[tuple[object, ...], Instruction] = field(default_factory=dict)

    def add(
        self,
        operation: str,
        operands: tuple[Operand, ...],
        shape: Shape,
        extent: Extent = Extent.SHARED,
        rank: Rank = Rank.FIXED,
        reduces: bool = False,
        length: sp.Symbol | None = None,
    ) -> Instruction:
        """An instruction, or the one that is there already; it has the rows, and is as late, as its operands."""
        operands = tuple(plain(operand) if isinstance(operand, Instruction) else operand for operand in operands)
        key = operation, operands, shape
        if key not in self.known:
            for operand in operands:
                if isinstance(operand, Instruction):
                    extent, rank = max(extent, operand.extent), max(rank, operand.rank)
                    length = operand.length or length
            extent = Extent.SHARED if reduces else extent
            found = Instruction(f"v{len(self.instructions)}", operation, operands, shape, extent, rank, length)
            self.known[key] = found
            self.instructions.append(found)
        return self.known[key]

    def turned(self, vector: Instruction) -> Instruction:
        """A row as a column, or a column as a row: the same numbers, so that no operation ever sees the difference."""
        vector, shape = plain(vector), (vector.shape[1], vector.shape[0])
        if vector.shape == shape:
            return vector
        return Instruction(vector.target, "turned", (vector,), shape, vector.extent, vector.rank, vector.length)

    def read(
        self, kind: str, name: str, shape: Shape, extent: Extent, rank: Rank, length: sp.Symbol | None = None
    ) -> Instruction:
        return self.add("read", (kind, name), shape, extent, rank, length=length)

    def last(self, value: Instruction) -> Instruction:
        """The rows of the last step."""
        return self.add("last", (value,), value.shape, Extent.LAST) if value.extent == Extent.STEPS else value

    def reduced(self, operation: str, operands: tuple[Operand, ...], shape: Shape) -> Instruction:
        """Something that has been summed over the rows."""
        return self.add(operation, operands, shape, reduces=True)

    def number(self, value: sp.Expr, shape: Shape = (ONE, ONE)) -> Instruction:
        """One number for all entries; it may be made of sizes."""
        return self.add("number", (value,), shape)

    def in_rows(self, value: Instruction) -> Instruction:
        """A value that is the same for all sequences, in a row for each."""
        if value.extent != Extent.SHARED:
            return value
        return self.add("in_rows", (self.array(value),), value.shape, Extent.LAST)

    def copied(self, value: Instruction) -> Instruction:
        """A value that may be handed out: not what was given itself."""
        return self.add("copy", (value,), value.shape) if value.is_read else self.array(value)

    def array(self, value: Instruction) -> Instruction:
        """The value with all its entries, where it is one number for all of them."""
        return self.add("full", (value, *value.shape), value.shape) if value.is_number else value


def plain(value: Instruction) -> Instruction:
    """What makes the numbers of a value, be they a row or a column."""
    return value.arguments[0] if value.operation == "turned" else value


Replaced: TypeAlias = Mapping[Instruction, Instruction]
"""What stands for some reads."""


def needed(
    roots: Iterable[Instruction], known: Container[Instruction] = (), replaced: Replaced = MappingProxyType({})
) -> tuple[list[Instruction], list[Instruction]]:
    """What has to be computed for ``roots``, operands first, and what of that is read or ``known``.

    Numbers are in neither: they are written where they are used.
    """
    computed: list[Instruction] = []
    found: list[Instruction] = []
    seen: set[Instruction] = set()
    waiting = [(root, False) for root in roots][::-1]
    while waiting:  # no recursion: a long equation makes a deep tree
        instruction, ready = waiting.pop()
        instruction = plain(replaced.get(instruction, instruction))
        if ready:
            computed.append(instruction)
        elif instruction in seen or instruction.is_number:
            continue
        elif instruction.is_read or instruction in known:
            found.append(instruction)
        else:
            waiting.append((instruction, True))
            waiting += [(argument, False) for argument in reversed(instruction.arguments)]
        seen.add(instruction)
    return computed, found
