"""Formulas cut out of a file: displays of lines, whose characters stand where they stood."""

from __future__ import annotations

from dataclasses import dataclass, field

from verify.check.reading.text import Span, Text


@dataclass(frozen=True)
class Unread:
    """Something that could not be read: the text, why not, and where (line and column from 1)."""

    text: str
    reason: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.reason}"


@dataclass(frozen=True)
class MathLine:
    """One line of a display.  What is no formula in it (&, comments, labels, tags) has become spaces.

    So the character at ``text[k]`` is the one at offset ``start + k`` of the source.
    """

    text: str
    start: int
    source: Text = field(repr=False, compare=False)

    def place(self, index: int) -> tuple[int, int]:
        """Line and column of ``text[index]`` in the file."""
        return self.source.place(self.start + index)


@dataclass(frozen=True)
class Display:
    """``kind`` is the environment, the delimiter that opens it, "math" for a fence, or "bare" without any."""

    lines: tuple[MathLine, ...]
    kind: str
    where: Span

    @property
    def is_inline(self) -> bool:
        return self.kind in ("$", r"\(")


@dataclass
class Found:
    """What a scan of a file collects."""

    displays: list[Display] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    lines: int = 0


def unread_at(text: Text, start: int, end: int, reason: str) -> Unread:
    line, column = text.place(start)
    excerpt = " ".join(text.content[start : min(end, start + 80)].split())
    return Unread(excerpt, reason, line, column)
