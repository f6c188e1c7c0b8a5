"""The user's own lines beside what is said of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from verify.check.result import OPEN, RIGHT, WRONG, Checked, Link, Place, Unreadable

Item = Link | Unreadable
_WORST = (WRONG, OPEN, RIGHT)


@dataclass(frozen=True)
class Span:
    """The columns from ``start`` on, before ``end``, counted from 0.

    All of an item where ``mark`` is ✓, else what of it is wrong or open.
    """

    start: int
    end: int
    mark: str


@dataclass(frozen=True)
class MarkedLine:
    """One line of the file: the worst mark of what begins in it, all spans, and the items that end in it."""

    number: int
    text: str
    mark: str
    spans: tuple[Span, ...]
    ending: tuple[Item, ...]


def mark_of(item: Item) -> str:
    return item.mark if isinstance(item, Link) else OPEN


def items(found: Checked) -> list[Item]:
    """Links and unread parts together, in the order of the file."""
    return sorted((*found.links, *found.unreadable), key=lambda item: (item.place.line, item.place.column))


def marked_lines(found: Checked) -> Iterator[MarkedLine]:
    """The lines that something is said of."""
    texts = found.text.split("\n") if found.text else []
    by_line: dict[int, list[Item]] = {}
    for item in items(found):
        for number in range(item.place.line, item.place.end_line + 1):
            by_line.setdefault(number, []).append(item)
    for number, here in sorted(by_line.items()):
        shown = texts[number - 1].rstrip("\r") if number <= len(texts) else _from_sources(here, number)
        yield MarkedLine(
            number,
            shown,
            _worst([mark_of(item) for item in here if item.place.line == number]),
            tuple(span for item in here for span in _spans(item, number, shown)),
            tuple(item for item in here if item.place.end_line == number),
        )


def _worst(marks: list[str]) -> str:
    return next((mark for mark in _WORST if mark in marks), "")


def fault(item: Item) -> Place:
    """The part that is to be underlined: what is at fault, or everything."""
    own = item.explanation.place if isinstance(item, Link) and item.explanation else None
    return own or item.place


def _spans(item: Item, number: int, text: str) -> Iterator[Span]:
    """What of a line belongs to an item, and what of that is to be underlined."""
    yield _span(item.place, number, text, RIGHT)
    place = fault(item)
    if mark_of(item) != RIGHT and place.line <= number <= place.end_line:
        yield _span(place, number, text, mark_of(item))


def _span(place: Place, number: int, text: str, mark: str) -> Span:
    """Without the blanks at the beginning of a line that continues."""
    start = place.column - 1 if number == place.line else len(text) - len(text.lstrip())
    end = place.end_column - 1 if number == place.end_line else len(text)
    return Span(min(start, len(text)), min(end, len(text)), mark)


def _from_sources(here: list[Item], number: int) -> str:
    """The line as far as the sources have it, where the file itself is not at hand."""
    line = ""
    for item in here:
        lines = item.source.split("\n")
        at = number - item.place.line
        if at < len(lines):
            line = line.ljust(item.place.column - 1 if at == 0 else 0) + lines[at]
    return line
