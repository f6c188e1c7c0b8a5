"""Numbers and references, computed once for all writers.

Sections number as 1, 1.1, 1.1.1; labelled derivations and results share one count of equations; every table
has a number; charts and diagrams share the count of figures; references are numbered in their list's order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import singledispatchmethod

from reports.document.blocks import (
    Block,
    Derivation,
    Document,
    Heading,
    KeepTogether,
    References,
    Result,
    Table,
)
from reports.document.figures import Figure


class LabelError(ValueError):
    """A label or citation key is used twice, or referred to but missing."""


@dataclass(frozen=True)
class Target:
    """What a label refers to: "Equation" and "3"."""

    kind: str
    number: str

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


@dataclass
class Numbering:
    """The numbers of one document: by block identity, by label and by citation key."""

    _by_block: dict[int, Target] = field(default_factory=dict)
    _by_label: dict[str, Target] = field(default_factory=dict)
    _by_key: dict[str, int] = field(default_factory=dict)
    _counts: Counter[str] = field(default_factory=Counter)
    _section: list[int] = field(default_factory=lambda: [0, 0, 0])
    _kept: list[Block] = field(default_factory=list)

    def of(self, block: Block) -> Target | None:
        """The number of a block, or None if it has none."""
        return self._by_block.get(id(block))

    def target(self, label: str) -> Target:
        """What a label refers to."""
        if label not in self._by_label:
            raise LabelError(f"no block has the label {label!r}; there are {sorted(self._by_label)}")
        return self._by_label[label]

    def citation(self, key: str) -> int:
        """The number of a reference."""
        if key not in self._by_key:
            raise LabelError(f"no reference has the key {key!r}; there are {sorted(self._by_key)}")
        return self._by_key[key]

    @singledispatchmethod
    def add(self, block: Block) -> None:
        """Number one block; most kinds have no number."""

    @add.register
    def _heading(self, block: Heading) -> None:
        self._section[block.level - 1] += 1
        self._section[block.level :] = [0] * (3 - block.level)
        number = ".".join(map(str, self._section[: block.level]))
        self._set(block, block.label, Target("Section", number))

    @add.register
    def _derivation(self, block: Derivation | Result) -> None:
        if block.label is not None:
            self._count(block, block.label, "Equation")

    @add.register
    def _table(self, block: Table) -> None:
        self._count(block, block.label, "Table")

    @add.register
    def _figure(self, block: Figure) -> None:
        self._count(block, block.label, "Figure")

    @add.register
    def _references(self, block: References) -> None:
        for entry in block.entries:
            if entry.key in self._by_key:
                raise LabelError(f"two references have the key {entry.key!r}")
            self._by_key[entry.key] = len(self._by_key) + 1

    def _count(self, block: Block, label: str | None, kind: str) -> None:
        self._counts[kind] += 1
        self._set(block, label, Target(kind, str(self._counts[kind])))

    def _set(self, block: Block, label: str | None, target: Target) -> None:
        if label in self._by_label:
            raise LabelError(f"two blocks have the label {label!r}")
        self._by_block[id(block)] = target
        self._kept.append(block)  # an id is only unique while its block lives
        if label is not None:
            self._by_label[label] = target


def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """All blocks in reading order, groups opened."""
    for block in blocks:
        yield block
        if isinstance(block, KeepTogether):
            yield from walk(block.blocks)


def number(document: Document) -> Numbering:
    """Number the blocks of a document."""
    numbering = Numbering()
    for block in walk(document.blocks):
        numbering.add(block)
    return numbering
