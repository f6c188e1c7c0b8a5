"""The loop from the last step to the first.  The last one stands alone: the letters may be something else there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from derive.compiled.bound.lines import Lines
from derive.compiled.bound.rows import Pairs, cut_of_packs, is_by_row, listed, of_one_step, repeated, within
from derive.compiled.bound.segment import Segment
from derive.compiled.bound.sharing import handed_on_in_place, now, over_what_is_read
from derive.compiled.three_address import Instruction
from derive.compiled.whole import Whole

BEFORE_LAST = "[-2::-1]"


def backward(lines: Lines, whole: Whole) -> None:
    """Statements of all steps; what the gradients read is then known by where it is."""
    sweep = Sweep(lines, whole)
    lines.own += sweep.last()
    lines.own += sweep.others()
    lines.names.of |= sweep.leaves | sweep.homes


@dataclass
class Sweep:
    """The steps of the sweep.  A value that is kept for all of them is in its home, one that is handed on in a leaf."""

    lines: Lines
    whole: Whole

    def __post_init__(self) -> None:
        self.loop = self.whole.backward
        over = over_what_is_read(self.lines, self.whole)
        self.homes = {
            value: over.get(value) or self.lines.room(value, self.lines.rows(value)) for value in self.loop.stored
        }
        in_place = handed_on_in_place(self.loop)
        self.leaves = {
            carry.leaf: self.lines.room(carry.leaf, [self.lines.names.batch])
            if carry.leaf in in_place
            else "r" + carry.leaf.target[1:]
            for carry in self.loop.carries
        }

    def last(self) -> list[str]:
        """The step at the end of the sequence, in the last rows of everything."""
        read = self._read(self.loop.last)
        rows = {value: self._end(self.lines.names.operand(value)) for value in read}
        outs = {value: self._end(home) for value, home in self.homes.items()}
        return self._step(within(self.lines, read, (), self.loop.last), self.loop.last, rows, outs)

    def others(self) -> list[str]:
        """All steps before it."""
        body = self.loop.body(self.loop.regular)[0]
        outs = {value: "o" + value.target[1:] for value in self.homes}
        pairs: Pairs = [(outs[v], listed(self.lines, v, BEFORE_LAST, home)) for v, home in self.homes.items()]
        pairs += cut_of_packs(self.lines, body, self._made(outs, self.loop.regular), self.homes, BEFORE_LAST)
        read = self._read(self.loop.regular)
        pairs += [("r" + value.target[1:], listed(self.lines, value, BEFORE_LAST)) for value in read]
        inner = within(self.lines, read, pairs, self.loop.regular)
        return repeated(pairs, self._step(inner, self.loop.regular, {}, outs))

    def _read(self, replaced: Mapping[Instruction, Instruction]) -> list[Instruction]:
        return [value for value in self.loop.body(replaced)[1] if is_by_row(value, self.loop)]

    @cached_property
    def _batch(self) -> str:
        return self.lines.names.batch

    def _end(self, name: str) -> str:
        text = f"{name}[-{self._batch}:]"
        return self.lines.there(f"e{name}", text) if name in self.lines.static else text

    def _made(
        self, outs: Mapping[Instruction, str], replaced: Mapping[Instruction, Instruction]
    ) -> dict[Instruction, str]:
        """Where the values go that this step makes."""
        body = self.loop.body(replaced)[0]
        found = {now(value, replaced): out for value, out in outs.items() if now(value, replaced) in body}
        for carry in self.loop.carries:
            if self.leaves[carry.leaf] in self.lines.static:
                found.setdefault(now(carry.result, replaced), self.leaves[carry.leaf])
        return found

    def _step(
        self,
        inner: Lines,
        replaced: Mapping[Instruction, Instruction],
        rows: Mapping[Instruction, str],
        outs: Mapping[Instruction, str],
    ) -> list[str]:
        body, made = self.loop.body(replaced)[0], self._made(outs, replaced)
        names = inner.names
        names.of |= {**rows, **self.leaves}
        for value, out in outs.items():  # before what was handed on is written over
            if now(value, replaced) not in body:
                inner.own.append(f"{out}[...] = {names.operand(now(value, replaced))}")
        results = [now(carry.result, replaced) for carry in self.loop.carries]
        kept = [*results, *(now(value, replaced) for value in outs), *made]
        fresh = [own for own in results if own not in made]  # the next step reads it while it writes its own
        Segment(inner, body, of_one_step(self.lines), kept, made, fresh).write()
        for value, out in outs.items():
            own = now(value, replaced)
            if own in body and made.get(own) != out:
                inner.own.append(f"{out}[...] = {names.operand(own)}")
        return inner.own + self._handed_on(inner, results)

    def _handed_on(self, inner: Lines, results: list[Instruction]) -> list[str]:
        pairs = [(leaf, inner.names.operand(own)) for leaf, own in zip(self.leaves.values(), results, strict=True)]
        moved = [(leaf, value) for leaf, value in pairs if leaf != value]
        named = [pair for pair in moved if pair[0] not in inner.static]
        lines = [f"{leaf}[...] = {value}" for leaf, value in moved if leaf in inner.static]
        if named:
            lines.insert(0, f"{', '.join(leaf for leaf, _ in named)} = {', '.join(value for _, value in named)}")
        return lines
