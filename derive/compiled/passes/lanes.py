"""Values side by side: where alike things happen to neighbours, one operation on all of them does it.

Superword-level parallelism (Larsen & Amarasinghe 2000, section 3), on arrays: from values that stand side by side
already, along those that use them.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import sympy as sp

from derive.compiled.buffers import FUNCTIONS
from derive.compiled.rewriting import Rewriting, users
from derive.compiled.roots import Roots
from derive.compiled.three_address import Extent, Instruction, Listing, Rank, plain
from derive.expr import ONE

Key = tuple[Hashable, ...]


@dataclass(frozen=True, eq=False)
class Lane:
    """``whole`` has the values of all ``members`` side by side: columns one after the other, matrices row by row."""

    whole: Instruction
    members: tuple[Instruction, ...]

    def cut(self, listing: Listing, first: int, end: int) -> Instruction:
        """The members from ``first`` up to ``end``, as one value."""
        if (first, end) == (0, len(self.members)):
            return self.whole
        ends = [sp.Integer(0), *accumulate(member.shape[0] for member in self.members)]
        operation = "part" if self.whole.is_vector else "part_of_rows"
        shape = ends[end] - ends[first], self.whole.shape[1]
        return listing.add(operation, (self.whole, ends[first], ends[end]), shape)


@dataclass
class Lanes:
    """All lanes of a program.  ``of`` says where a value stands, ``exchanged`` what stands for it now."""

    roots: Roots
    of: dict[Instruction, tuple[Lane, int]] = field(default_factory=dict)
    exchanged: dict[Instruction, Instruction] = field(default_factory=dict)
    waiting: list[Lane] = field(default_factory=list)
    seen: list[Lane] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.listing, self.used = self.roots.listing, users(self.roots)

    def add(self, whole: Instruction, members: Sequence[Instruction]) -> None:
        """A lane of members that no other lane has."""
        lane = Lane(whole, tuple(members))
        for place, member in enumerate(members):
            self.of[member] = lane, place
            self.exchanged[member] = lane.cut(self.listing, place, place + 1)
        self.waiting.append(lane)

    def grown(self) -> Roots:
        """Lanes make lanes until nothing is left to do; then the program with them."""
        count = -1
        while count != len(self.of):  # a lane that came later may be what another one lacked
            count = len(self.of)
            self.waiting += self.seen
            self.seen = []
            while self.waiting:
                lane = self.waiting.pop(0)
                self.seen.append(lane)
                self._grow(lane)
        return self.roots.rewritten(Rewriting(self.listing, self.exchanged))

    def _grow(self, lane: Lane) -> None:
        for key, run in _runs(self._uses(lane)):
            found = [user for _, user in run]
            if len(run) > 1 and not any(user in self.of for user in found) and not self._depends(found):
                self._join(lane, key, run)

    def _uses(self, lane: Lane) -> Iterator[tuple[Key, int, Instruction]]:
        """What is done with every member: in which way, to which one, by whom."""
        for place, member in enumerate(lane.members):
            for user in dict.fromkeys(self.used.get(member, [])):
                key = self._key(user, member, place) if user.operation in FUNCTIONS else None
                if key is not None and user.shape == member.shape:
                    yield (user.operation, user.rank, *key), place, user

    def _key(self, user: Instruction, member: Instruction, place: int) -> Key | None:
        """What users have to have in common; None for what is not done side by side."""
        arguments = user.arguments
        if len(arguments) == 1 or all(argument is member for argument in arguments):
            return (len(arguments),)
        left = arguments[0] is member
        other = arguments[1] if left else arguments[0]
        if other.is_number:
            return left, "number", other.operands[0]
        if other.shape != member.shape:
            return None
        if other in self.of:
            lane, own = self.of[other]
            return left, "lane", id(lane), own - place
        fixed = other.extent == Extent.SHARED and other.rank == Rank.FIXED and other.is_vector
        return (left, "joined") if fixed else None

    def _join(self, lane: Lane, key: Key, run: Sequence[tuple[int, Instruction]]) -> None:
        first, end = run[0][0], run[-1][0] + 1
        mine, users_ = lane.cut(self.listing, first, end), [user for _, user in run]
        operands = self._operands(mine, key[2:], users_, lane.members[first:end], first, end)
        shape = mine.shape
        self.add(self.listing.add(str(key[0]), operands, shape), users_)

    def _operands(
        self, mine: Instruction, key: Key, found: Sequence[Instruction], members: Sequence[Instruction],
        first: int, end: int,
    ) -> tuple[Instruction, ...]:  # fmt: skip
        if len(key) == 1:
            return (mine,) * len(found[0].arguments)
        left, kind = key[:2]
        others = [_other(user, member) for user, member in zip(found, members, strict=True)]
        if kind == "number":
            other = self.listing.number(others[0].operands[0], mine.shape)
        elif kind == "lane":
            lane, place = self.of[others[0]]
            other = lane.cut(self.listing, place, place + end - first)
        else:
            other = self.listing.add("joined", tuple(map(self.listing.array, others)), mine.shape)
        return (mine, other) if left else (other, mine)

    def _depends(self, found: Sequence[Instruction]) -> bool:
        """Whether what one of them needs is made by another: then they cannot be computed at once."""
        waiting = [argument for own in found for argument in own.arguments]
        seen: set[Instruction] = set()
        while waiting:
            own = waiting.pop()
            if own in found:
                return True
            if own in seen:
                continue
            seen.add(own)
            together = self.of[own][0].members if own in self.of else (own,)
            seen.update(together)
            if any(other in found for other in together):
                return True
            waiting += [argument for other in together for argument in other.arguments]
        return False


def _other(user: Instruction, member: Instruction) -> Instruction:
    return user.arguments[1] if user.arguments[0] is member else user.arguments[0]


def _runs(uses: Iterable[tuple[Key, int, Instruction]]) -> list[tuple[Key, list[tuple[int, Instruction]]]]:
    """Neighbours that are used alike."""
    found: list[tuple[Key, list[tuple[int, Instruction]]]] = []
    of_key: dict[Key, list[tuple[int, Instruction]]] = {}
    for key, place, user in uses:
        run = of_key.get(key)
        if run is not None and run[-1][0] == place - 1:
            run.append((place, user))
        elif run is None or run[-1][0] != place:
            of_key[key] = [(place, user)]
            found.append((key, of_key[key]))
    return found


def stacked_shape(members: Sequence[Instruction]) -> tuple[sp.Expr, sp.Expr]:
    """Of columns, or matrices, on top of each other."""
    return sp.Add(*(member.shape[0] for member in members)), members[0].shape[1]


def in_column(listing: Listing, members: Sequence[Instruction]) -> Instruction:
    """Matrices on top of each other."""
    return listing.add("blocks", ("1", *map(plain, members)), stacked_shape(members))


def is_column(value: Instruction) -> bool:
    return value.is_vector and value.shape[1] == ONE
