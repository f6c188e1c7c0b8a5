"""Which values of a function share memory: one that is not needed again makes room for the next of its size.

Memory that no value leaves the function in may be kept from one step, and from one call, to the next.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass

from derive.compiled.scalars import UNARY
from derive.compiled.three_address import Extent, Instruction

FUNCTIONS = frozenset({"add", "subtract", "multiply", "divide", "power", "sqrt", "maximum", "minimum", *UNARY})
"""What NumPy computes entry by entry, and writes where it is told, be that an operand."""
PRODUCTS = frozenset({"dot"})
"""What is written where it is told, but not over an operand."""
FRESH = FUNCTIONS | PRODUCTS | {"matmul", "total", "highest", "where", "joined", "gram", "over_rows", "over_matrices"}
"""What makes a new array."""


@dataclass(eq=False)
class Buffer:
    """Memory for the values of one size, by the first of them; ``leaves`` where one is still needed in the end."""

    first: Instruction
    leaves: bool = False


@dataclass(frozen=True)
class Placed:
    """Where a value goes: over ``over``, which is not needed any more, or into memory that is new here."""

    buffer: Buffer
    over: Instruction | None


def placed(
    instructions: Sequence[Instruction], kept: Collection[Instruction], rows: Collection[Instruction] = ()
) -> dict[Instruction, Placed]:
    """The memory of every value that makes an array of its own; ``rows`` are written elsewhere, ``kept`` stay."""
    last_use = last_uses(instructions)
    found: dict[Instruction, Placed] = {}
    idle: dict[Hashable, list[Instruction]] = {}
    for place, instruction in enumerate(instructions):
        dying = [own for own in dict.fromkeys(instruction.arguments) if own in found and last_use[own] == place]
        dying = [own for own in dying if own not in kept and own not in rows]
        over = None
        if instruction.operation in FRESH and instruction not in rows:
            over = _over(instruction, dying, idle)
            buffer = Buffer(instruction) if over is None else found[over].buffer
            buffer.leaves = buffer.leaves or instruction in kept
            found[instruction] = Placed(buffer, over)
        for own in dying:
            if own is not over:
                idle.setdefault(_size(own), []).append(own)
    return found


def _over(
    instruction: Instruction, dying: Sequence[Instruction], idle: Mapping[Hashable, list[Instruction]]
) -> Instruction | None:
    """A value in whose place this one may be written."""
    if instruction.operation in FUNCTIONS:
        alike = next((own for own in dying if _size(own) == _size(instruction)), None)
        if alike is not None:
            return alike
    waiting = idle.get(_size(instruction), [])
    return waiting.pop() if waiting and instruction.operation in FUNCTIONS | PRODUCTS else None


def last_uses(instructions: Sequence[Instruction]) -> dict[Instruction, int]:
    """Where each is used last; one that a view looks into is used for ever."""
    found: dict[Instruction, int] = {}
    for place, instruction in enumerate(instructions):
        for argument in instruction.arguments:
            if found.get(argument, 0) >= 0:
                found[argument] = place if instruction.operation in FRESH else -1
    return found


def _size(of: Instruction) -> Hashable:
    return (of.is_vector, of.extent, of.width if of.is_vector else of.shape)


def same_size(one: Instruction, other: Instruction) -> bool:
    return _size(one) == _size(other)


def in_workspace(of: Instruction) -> bool:
    """Whether its memory is worth keeping: it has rows, and is written where it is told."""
    return of.extent != Extent.SHARED and of.operation in FUNCTIONS | PRODUCTS
