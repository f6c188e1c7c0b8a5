"""Derivation lines made to fit the page: over-long right sides continue on lines of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from reports.document.blocks import Line
from reports.formula.breaking import split
from reports.formula.measure import width
from reports.formula.narrowing import broken
from reports.formula.tree import Formula, row

PAGE_ROOM_EM = 36.0
WHY_ROOM_EM = 12.0
_SHRUNK = 1.15
_INDENT = 1.0  # of a line that continues


def left_width(lines: tuple[Line, ...], measure: Callable[[Formula], float] = width) -> float:
    """The width of the column of left sides."""
    return max((measure(line.lhs) for line in lines if line.lhs is not None), default=0.0)


def fitted(lines: tuple[Line, ...], room: float = PAGE_ROOM_EM) -> tuple[Line, ...]:
    """The lines, each broken so that it fits into `room` em beside the widest left side; short ones side by side."""
    left = left_width(lines) + 1.4
    return tuple(piece for line in packed(lines, room - left - _INDENT) for piece in _pieces(line, room - left))


def packed(lines: tuple[Line, ...], room: float) -> Iterator[Line]:
    """Lines that may stand beside the one above do, as many as fit, and no more than leave room for a reason."""
    current: list[Line] = []
    for line in lines:
        if current and not (line.beside and width(_joined([*current, line]).rhs) <= _room(current, room)):
            yield _joined(current)
            current = []
        current.append(line)
    if current:
        yield _joined(current)


def _room(lines: list[Line], room: float) -> float:
    return room - WHY_ROOM_EM if any(line.why for line in lines) else room


def _joined(lines: list[Line]) -> Line:
    first, *others = lines
    more = [part for line in others for part in (",", "quad", *_whole(line))]
    return replace(first, rhs=row(first.rhs, *more)) if more else first


def _whole(line: Line) -> tuple[Formula | str, ...]:
    return (line.rhs,) if line.lhs is None else (line.lhs, line.relation, line.rhs)


def _lines(formula: Formula, room: float) -> tuple[Formula, ...]:
    """Broken at operators; what is still too wide is broken inside, less narrowly, since the engines can shrink it."""
    return tuple(piece for part in split(formula, room) for piece in broken(part, _SHRUNK * room))


def _pieces(line: Line, room: float) -> Iterator[Line]:
    """One line as several; the reason stays with the last."""
    parts = _lines(line.rhs, room - _INDENT)
    for index, part in enumerate(parts):
        is_first, is_last = index == 0, index == len(parts) - 1
        body = part if is_first else row("quad", part)
        start = line if is_first else replace(line, lhs=None, relation="")
        yield replace(start, rhs=body, why=line.why if is_last else ())


def is_tight(line: Line, left: float, room: float = PAGE_ROOM_EM) -> bool:
    """True if the line may still be too wide by the estimate: let the engine measure and shrink it."""
    return left + 1.4 + width(line.rhs) > 0.88 * room
