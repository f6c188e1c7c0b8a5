"""Running text for terminals, and cutting it to a width.

Blanks inside a formula are hard (U+00A0) while lines are filled, so that `b₁ + c₂` is not torn apart.
"""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass
from functools import singledispatchmethod

from reports.document.inline import Cite, Code, InlineLike, Link, Ref, Strong, as_inline
from reports.document.numbering import Numbering
from reports.escaping.characters import printable
from reports.formula.to_text import text
from reports.formula.tree import Formula

_HARD = "\u00a0"


def cells(line: str) -> int:
    """The width of a line on a terminal: wide CJK letters take two cells, combining marks none."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def fill(line: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """A paragraph as lines of at most `width` characters."""
    wrapped = textwrap.wrap(line, max(width, 20), initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
    return [piece.replace(_HARD, " ") for piece in wrapped or [first.rstrip()]]


def pad(shown: str, width: int, align: str = "left") -> str:
    """Text filled with blanks to a width in cells."""
    free = max(0, width - cells(shown))
    before = {"left": 0, "right": free, "center": free // 2}[align]
    return " " * before + shown + " " * (free - before)


@dataclass(frozen=True)
class TextInline:
    """Prints inline parts as plain Unicode text."""

    numbering: Numbering

    def __call__(self, inline: InlineLike) -> str:
        return "".join(self.part(part) for part in as_inline(inline))

    @singledispatchmethod
    def part(self, part: object) -> str:
        raise TypeError(f"{type(part).__name__} cannot stand in running text")

    @part.register
    def _text(self, part: str) -> str:
        return printable(part)

    @part.register
    def _formula(self, part: Formula) -> str:
        shown = text(part)
        return shown.replace(" ", _HARD) if len(shown) <= 40 else shown

    @part.register
    def _ref(self, part: Ref) -> str:
        return str(self.numbering.target(part.label)).replace(" ", _HARD)

    @part.register
    def _cite(self, part: Cite) -> str:
        return f"[{self.numbering.citation(part.key)}]"

    @part.register
    def _code(self, part: Code) -> str:
        return printable(part.text)

    @part.register
    def _strong(self, part: Strong) -> str:
        return printable(part.text)

    @part.register
    def _link(self, part: Link) -> str:
        return f"{printable(part.text)} <{printable(part.url)}>"
