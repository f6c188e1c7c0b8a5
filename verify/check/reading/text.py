"""A text that can say where in it something stands, at once even for a large one."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from derive.errors import InputError


@dataclass(frozen=True)
class Text:
    """What was read, with line ends as ``\\n``; ``name`` is the file's, for messages."""

    content: str
    name: str = ""

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [0], self.content.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.content.find("\n", at + 1)
        return starts

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, in characters, both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def where(self, offset: int) -> str:
        line, column = self.place(offset)
        return f"{self.name}{', ' if self.name else ''}line {line}, column {column}"

    def error(self, offset: int, what: str, mend: str) -> InputError:
        return InputError(what, self.where(offset), mend)


@dataclass(frozen=True, slots=True)
class Span:
    """From ``start`` up to, not including, ``end``: offsets into a text."""

    start: int
    end: int
    text: Text = field(repr=False, compare=False)

    @property
    def line(self) -> int:
        return self.text.place(self.start)[0]

    @property
    def column(self) -> int:
        return self.text.place(self.start)[1]

    @property
    def stop(self) -> tuple[int, int]:
        """Line and column of the first character behind it."""
        return self.text.place(self.end)

    @property
    def words(self) -> str:
        """What stands there."""
        return self.text.content[self.start : self.end]

    def __str__(self) -> str:
        return self.text.where(self.start)


NOWHERE = Span(0, 0, Text(""))
"""The place of a tree that was built and not read."""
