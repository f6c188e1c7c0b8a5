"""Statements: every value into the memory that is there for it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from derive.compiled.bound.lines import MADE, Lines
from derive.compiled.bound.packing import Pack, packs_of
from derive.compiled.buffers import Placed, placed
from derive.compiled.three_address import Instruction


def slot_of(memory: str, place: int) -> str:
    """What a member's part of the memory of a pack is called."""
    return f"{memory}_{place}"


Rows = Callable[[Instruction], Sequence[str]]


@dataclass
class Segment:
    """Instructions that are run one after the other, in a loop or outside of all.

    ``rows`` says how many rows a value has here; ``outs`` is memory that is there for some; those that are ``leaving``
    are somebody else's, and get new memory; ``kept`` are used later.
    """

    lines: Lines
    instructions: Sequence[Instruction]
    rows: Rows
    kept: Collection[Instruction]
    outs: Mapping[Instruction, str] = field(default_factory=dict)
    leaving: Collection[Instruction] = ()
    straightened: Collection[Instruction] = ()
    """What is read so often that it is copied into memory without gaps."""

    def __post_init__(self) -> None:
        self.packs = packs_of(self.instructions, [*self.outs, *self.leaving])
        self.slots: dict[Instruction, str] = {}
        elsewhere = {*self.outs, *self.packs, *(m for pack in self.packs.values() for m in pack.in_place)}
        self.places = placed(self.instructions, {*self.kept}, elsewhere)
        self.new = {self.places[value].buffer for value in self.leaving if value in self.places}

    def write(self) -> None:
        for pack in self.packs.values():
            self._make_room(pack)
        for value in self.instructions:
            if value in self.packs:
                self._gather(self.packs[value])
            elif value in self.straightened or value in self.leaving or not self.lines.is_ahead(value):
                self._state(value)

    def _make_room(self, pack: Pack) -> None:
        """The places of the members, as looks into the memory of the pack."""
        memory = self.outs.get(pack.whole) or self.lines.room(pack.whole, self.rows(pack.whole))
        for place, member in enumerate(pack.members):
            first, end = (self.lines.names.size(own) for own in pack.span(place))
            look = f"{memory}[..., {first}:{end}]" if pack.is_of_columns else f"{memory}[..., {first}:{end}, :]"
            slot = slot_of(memory, place)
            if memory in self.lines.static:
                self.lines.there(slot, look)
            elif slot not in self.lines.told:
                self.lines.own.append(f"{slot} = {look}")
            if member in pack.in_place:
                self.slots[member] = slot

    def _gather(self, pack: Pack) -> None:
        memory = self.outs.get(pack.whole) or "w" + pack.whole.target[1:]
        for place, member in enumerate(pack.members):
            if member not in pack.in_place:
                self.lines.own.append(f"{slot_of(memory, place)}[...] = {self.lines.names.operand(member)}")
        self.lines.names.of[pack.whole] = memory

    def _state(self, value: Instruction) -> None:
        lines, names = self.lines, self.lines.names
        out = self.outs.get(value) or self.slots.get(value) or self._own_memory(value, self.places.get(value))
        if out and value.operation in MADE:
            lines.own.append(lines.text(value, out))
        elif out:
            lines.own.append(f"{out}[...] = {lines.text(value)}")
        else:
            out = "v" + value.target[1:]
            lines.own.append(f"{out} = {lines.text(value)}")
            lines.static.discard(out)
        names.of[value] = out

    def _own_memory(self, value: Instruction, place: Placed | None) -> str:
        """Over what is not needed any more, or into its own room; "" where NumPy makes the memory."""
        if value in self.straightened:
            return self.lines.room(value, self.rows(value))
        if value.operation not in MADE:
            return ""
        if place is not None and place.over is not None:
            return self.lines.names.operand(place.over)
        if place is not None and place.buffer in self.new:
            return ""
        return self.lines.room(value, self.rows(value))
