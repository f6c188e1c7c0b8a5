"""A line of the user's file cut to the width of a terminal, column by column, so that signs can stand below it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.check_lines import MarkedLine, Span
from reports.writers.text_inline import cells
from verify.check.result import RIGHT

_MOST_ROWS = 6
_WINDOW, _BEFORE = 2000, 100
_INDENT = 8
_BREAKS = " +=,)}"


@dataclass(frozen=True)
class Piece:
    """Columns ``start`` to ``end`` of a line; no columns at all stand for what is left out."""

    start: int = 0
    end: int = 0

    def touches(self, spans: Sequence[Span]) -> bool:
        return any(span.start < self.end and self.start < span.end for span in spans)


_LEFT_OUT = Piece()


def clean(text: str) -> str:
    """One printable character for every character, so that columns stay what they are."""
    return "".join(" " if char == "\t" else "�" if _is_odd(char) else char for char in text)


def _is_odd(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def pieces(line: MarkedLine, room: int) -> list[Piece]:
    """The rows of at most ``room`` cells that something is said of; of very many the first, and those at fault."""
    start, end = _window(line)
    rows = [piece for piece in _rows(line.text, start, end, max(room, 20)) if piece.touches(line.spans)]
    if len(rows) > _MOST_ROWS:
        bad = [piece for piece in rows[1:] if piece.touches(faults(line))] or rows[1:]
        rows = [rows[0], *bad[: _MOST_ROWS - 1]]
    found: list[Piece] = []
    for piece in rows:
        if piece.start > (found[-1].end if found else _blanks(line.text)):
            found.append(_LEFT_OUT)
        found.append(piece)
    told = max((span.end for span in line.spans), default=0)
    return [*found, _LEFT_OUT] if found and found[-1].end < told else found or [_LEFT_OUT]


def faults(line: MarkedLine) -> list[Span]:
    """What is wrong or open."""
    return [span for span in line.spans if span.mark != RIGHT]


def _blanks(text: str) -> int:
    return len(text) - len(text.lstrip())


def _window(line: MarkedLine) -> tuple[int, int]:
    """All of the line, without a deep indentation; of a very long one a stretch around the first fault."""
    blanks, length = _blanks(line.text), len(line.text)
    if length <= _WINDOW:
        return blanks if blanks > _INDENT else 0, length
    first = min((span.start for span in faults(line) or line.spans), default=0)
    start = first - _BEFORE if first > _BEFORE else 0
    return start, min(length, start + _WINDOW)


def _rows(text: str, start: int, end: int, room: int) -> Iterator[Piece]:
    """Broken behind a blank, a sign or a parenthesis where there is one in the second half of the row."""
    while start < end:
        stop = start + _fitting(text[start:end], room)
        if stop < end:
            nice = max(text.rfind(sign, start, stop) for sign in _BREAKS) + 1
            stop = nice if nice > start + room // 2 else stop
        yield Piece(start, stop)
        start = stop


def _fitting(text: str, room: int) -> int:
    """How many characters go into ``room`` cells, one at least."""
    used = 0
    for number, char in enumerate(text):
        used += cells(char)
        if used > room:
            return max(number, 1)
    return len(text)


def signs(line: MarkedLine, piece: Piece) -> str:
    """The row below a piece: what is at fault, underlined, unless that is the whole line."""
    bad = faults(line)
    if _is_whole(line, bad):
        return ""
    marked = (
        ("~" if any(span.start <= column < span.end for span in bad) else " ") * cells(char)
        for column, char in enumerate(clean(line.text[piece.start : piece.end]), start=piece.start)
    )
    return "".join(marked).rstrip()


def _is_whole(line: MarkedLine, bad: Sequence[Span]) -> bool:
    """Whether nothing but the ends of a line (an alignment, a line break, a full stop) is outside."""
    if len(bad) != 1:
        return False
    outside = line.text[: bad[0].start] + line.text[bad[0].end :]
    return len(outside) < _WINDOW and not outside.strip(" \t\\&=.,;$%")


def coloured(line: MarkedLine, piece: Piece) -> Iterator[tuple[str, str]]:
    """The piece in runs, each with the mark of the fault that it belongs to."""
    bad = faults(line)
    edges = {edge for span in bad for edge in (span.start, span.end) if piece.start < edge < piece.end}
    at = piece.start
    for edge in (*sorted(edges), piece.end):
        mark = next((span.mark for span in bad if span.start <= at < span.end), "")
        yield clean(line.text[at:edge]), mark
        at = edge
