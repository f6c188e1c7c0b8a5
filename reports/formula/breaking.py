"""Breaking a formula that is too long for its line, at its outermost operators, as one would by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from reports.formula.measure import width
from reports.formula.shape import flatten, kind
from reports.formula.tree import Atom, Formula, Row

Measure = Callable[[Formula], float]


def terms(formula: Formula) -> list[Formula]:
    """The formula cut before every outermost binary operator and relation."""
    pieces: list[list[Formula]] = [[]]
    for item in flatten(formula):
        if kind(item) in ("bin", "rel") and not _starts(pieces[-1]):
            pieces.append([])
        pieces[-1].append(item)
    return [Row(tuple(piece)) if len(piece) > 1 else piece[0] for piece in pieces if piece]


def _starts(piece: list[Formula]) -> bool:
    """True if nothing but a sign stands there yet."""
    return not piece or piece[-1] == Atom("") or kind(piece[-1]) in ("bin", "rel")


def split(formula: Formula, room: float, measure: Measure = width) -> tuple[Formula, ...]:
    """The formula as lines no wider than `room`, as far as operators allow; unbroken if it fits."""
    if measure(formula) <= room:
        return (formula,)
    lines = filled(terms(formula), room, measure)
    return tuple(_joined(line, continues=index > 0) for index, line in enumerate(lines))


def filled(pieces: Sequence[Formula], room: float, measure: Measure = width) -> list[list[Formula]]:
    """The pieces in lines, as many in every line as fit."""
    lines: list[list[Formula]] = [[]]
    for piece in pieces:
        if lines[-1] and measure(Row((*lines[-1], piece))) > room:
            lines.append([])
        lines[-1].append(piece)
    return [line for line in lines if line]


def _joined(line: list[Formula], continues: bool) -> Formula:
    """A line of terms; an empty atom before the first keeps a leading + binary."""
    items = [Atom(""), *line] if continues else line
    return Row(tuple(items)) if len(items) > 1 else items[0]
