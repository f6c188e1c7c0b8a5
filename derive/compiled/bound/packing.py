"""Values that stand side by side in one array: where each of them is, and which are written there at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate

import sympy as sp

from derive.compiled.buffers import FUNCTIONS
from derive.compiled.three_address import Instruction


@dataclass(frozen=True)
class Pack:
    """``joined`` columns, or ``blocks`` one above the other; those ``in_place`` are never anywhere else."""

    whole: Instruction
    members: tuple[Instruction, ...]
    in_place: frozenset[Instruction]

    def span(self, place: int) -> tuple[sp.Expr, sp.Expr]:
        ends = [sp.Integer(0), *accumulate(_rows(member) for member in self.members)]
        return ends[place], ends[place + 1]

    @property
    def is_of_columns(self) -> bool:
        return self.whole.operation == "joined"


def _rows(member: Instruction) -> sp.Expr:
    return member.width if member.is_vector else member.shape[0]


def packs_of(instructions: Sequence[Instruction], elsewhere: Collection[Instruction] = ()) -> dict[Instruction, Pack]:
    """The packs among some instructions; what is written ``elsewhere``, or twice, is copied into its place."""
    found: dict[Instruction, Pack] = {}
    taken = set(elsewhere)
    own = set(instructions)
    for value in instructions:
        if value.operation != "joined" and (value.operation != "blocks" or str(value.operands[0]) != "1"):
            continue
        members = value.arguments
        free = {m for m in members if members.count(m) == 1 and m.extent == value.extent}
        fits = {m for m in free if m in own and m not in taken and m.operation in FUNCTIONS and m.is_vector}
        taken |= fits
        found[value] = Pack(value, members, frozenset(fits))
    return found
