"""Instructions rewritten: some are exchanged for others, and what uses them follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from derive.compiled.three_address import Extent, Instruction, Listing, needed, plain


@dataclass
class Rewriting:
    """``exchanged`` says what stands for an instruction now; it may be made of rewritten ones itself."""

    listing: Listing
    exchanged: dict[Instruction, Instruction]
    known: dict[Instruction, Instruction] = field(default_factory=dict)

    def __call__(self, instruction: Instruction) -> Instruction:
        """The instruction as it is now.  A value that is turned stays turned."""
        inner = plain(instruction)
        if inner not in self.known:
            for own in needed([inner], self.known, self.exchanged)[0]:
                self.known[own] = self._rebuilt(own)
        found = self._now(inner)
        return found if inner is instruction else self.listing.turned(found)

    def _now(self, inner: Instruction) -> Instruction:
        last = plain(self.exchanged.get(inner, inner))
        return self.known.get(last, last)

    def _rebuilt(self, own: Instruction) -> Instruction:
        operands = tuple(self._now(plain(o)) if isinstance(o, Instruction) else o for o in own.operands)
        if operands == own.operands:
            return own
        reduces = own.extent == Extent.SHARED and any(o.extent != Extent.SHARED for o in own.arguments)
        return self.listing.add(own.operation, operands, own.shape, own.extent, reduces=reduces)


def users(roots: Iterable[Instruction]) -> dict[Instruction, list[Instruction]]:
    """Of everything that the roots need: who uses it, each user as often as it does."""
    found: dict[Instruction, list[Instruction]] = {}
    for own in needed(roots)[0]:
        for argument in own.arguments:
            found.setdefault(argument, []).append(own)
    return found


Users = Mapping[Instruction, list[Instruction]]
