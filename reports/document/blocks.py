"""The blocks of a document. Text is written once, here; writers only decide how a block looks.

Derivations and results with a label get a number, tables, plots and diagrams always do
(see `reports.document.numbering`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from reports.document.inline import Cite, Code, Inline, InlineLike, Link, Part, Ref, Strong, as_inline
from reports.formula.tree import Formula

Align = Literal["left", "center", "right"]
NoteKind = Literal["note", "convention", "warning"]


@dataclass(frozen=True)
class Block:
    """Base of all blocks; only there to be dispatched on."""


@dataclass(frozen=True)
class Heading(Block):
    """A section heading of level 1, 2 or 3."""

    level: int
    text: InlineLike
    label: str | None = None

    def __post_init__(self) -> None:
        if self.level not in (1, 2, 3):
            raise ValueError(f"heading {self.text!r}: level must be 1, 2 or 3, not {self.level}")


@dataclass(frozen=True)
class Paragraph(Block):
    """Running text."""

    inline: Inline


@dataclass(frozen=True)
class Bullets(Block):
    """An unordered list."""

    items: tuple[Inline, ...]


@dataclass(frozen=True)
class Line:
    """One line of a derivation: lhs relation rhs, and why it holds.

    No `lhs` means "continues the line above". The reason stands at the right, and moves below the formula
    when both do not fit side by side, or when `why_below` asks for it. `beside` allows the line to stand beside the
    line above: one of a list, with nothing to say of its own.
    """

    lhs: Formula | None
    relation: str
    rhs: Formula
    why: InlineLike = ()
    why_below: bool = False
    beside: bool = False


@dataclass(frozen=True)
class Derivation(Block):
    """Lines aligned on their relation; a label gives it a number. `key` names it for other programs."""

    lines: tuple[Line, ...]
    label: str | None = None
    key: str | None = None


@dataclass(frozen=True)
class Result(Block):
    """A headline formula in a tinted box."""

    lines: tuple[Line, ...]
    label: str | None = None
    caption: InlineLike = ()


@dataclass(frozen=True)
class Column:
    """A column of a table; `weight` is its share of the width, measured from its cells when None."""

    header: InlineLike
    align: Align = "left"
    weight: float | None = None


@dataclass(frozen=True)
class Table(Block):
    """A table; long ones break over pages and repeat their header."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[InlineLike, ...], ...]
    caption: InlineLike
    label: str | None = None
    note: InlineLike | None = None

    def __post_init__(self) -> None:
        for number, cells in enumerate(self.rows, start=1):
            if len(cells) != len(self.columns):
                raise ValueError(f"table row {number} has {len(cells)} cells, expected {len(self.columns)}")


@dataclass(frozen=True)
class CodeBlock(Block):
    """Source code, line by line."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Note(Block):
    """A tinted box for a remark, a convention or a warning."""

    inline: InlineLike
    kind: NoteKind = "note"


@dataclass(frozen=True)
class Reference:
    """One entry of the reference list."""

    key: str
    authors: str
    year: int | str
    title: str
    where: str = ""
    url: str = ""

    @property
    def by(self) -> str:
        """The authors as a sentence: "et al." has its period."""
        return self.authors if self.authors.endswith(".") else f"{self.authors}."

    @property
    def published(self) -> str:
        """Where and when; a year that the place has in its name is not repeated."""
        named = re.search(rf"\b{re.escape(str(self.year))}\b", self.where)
        return f"{self.where}." if named else f"{self.where}, {self.year}." if self.where else f"{self.year}."


@dataclass(frozen=True)
class References(Block):
    """The reference list, numbered in its own order; print a `Heading` before it."""

    entries: tuple[Reference, ...]


@dataclass(frozen=True)
class PageBreak(Block):
    """Start a new page."""


@dataclass(frozen=True)
class KeepTogether(Block):
    """Blocks that must stand on one page."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole document; the abstract stands in a summary box, the colophon at the very end."""

    title: str
    subtitle: str
    abstract: InlineLike
    blocks: tuple[Block, ...]
    language: str = "en"
    colophon: InlineLike = ()


def para(*parts: Part) -> Paragraph:
    """A paragraph from its parts."""
    return Paragraph(parts)


__all__ = [
    "Align", "Block", "Bullets", "Cite", "Code", "CodeBlock", "Column", "Derivation", "Document", "Heading",
    "Inline", "InlineLike", "KeepTogether", "Line", "Link", "Note", "NoteKind", "PageBreak", "Paragraph",
    "Part", "Ref", "Reference", "References", "Result", "Strong", "Table", "as_inline", "para",
]  # fmt: skip
