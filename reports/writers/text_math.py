"""Derivations for terminals: relations aligned, long formulas broken at operators, reasons at the right."""

from __future__ import annotations

from reports.document.blocks import Line
from reports.formula.breaking import split
from reports.formula.narrowing import broken
from reports.formula.shape import grows
from reports.formula.to_text import text
from reports.formula.tree import Atom, Formula
from reports.writers.text_boxes import Box, beside, box, line_box
from reports.writers.text_inline import TextInline, cells, fill, pad

_INDENT = "    "
_REASON_ROOM = 28


def text_display(lines: tuple[Line, ...], number: str | None, inline: TextInline, width: int) -> list[str]:
    """The lines; the number stands at the right end of the last formula, if there is room."""
    left = min(max((box(line.lhs).width for line in lines if line.lhs is not None), default=0), width // 3)
    formulas = [_formula(line, left, width) for line in lines]
    column = max((cells(f[-1]) for f in formulas if cells(f[-1]) + _REASON_ROOM <= width), default=0) + 3
    shown: list[str] = []
    for line, formula in zip(lines, formulas, strict=True):
        shown += [""] if shown and grows(line.rhs) else []
        shown += _with_reason(formula, inline(line.why), column, width)
    return shown if number is None else _numbered(shown, number, width)


def _formula(line: Line, left: int, width: int) -> list[str]:
    relation = text(Atom(line.relation)) + " " if line.relation else ""
    lhs = box(line.lhs or Atom(""))
    start = beside([line_box(_INDENT + " " * (left - lhs.width)), lhs, line_box(" " + relation)])
    rest = " " * (len(_INDENT) + left + len(relation) + 3)
    room = width - start.width - 2
    parts = [shown for part in split(line.rhs, room, _cells) for shown in _boxes(part, room)]
    pieces = [beside([start, parts[0]]), *(beside([line_box(rest), part]) for part in parts[1:])]
    return [cut for piece in pieces for cut in _cut_box(piece, width, rest)]


def _boxes(formula: Formula, room: float) -> list[Box]:
    """In its full height where that fits; else on one line, which can be cut."""
    shown = [box(part) for part in broken(formula, room, _cells)] if grows(formula) else []
    fits = shown and max(part.width for part in shown) <= room
    return shown if fits else [line_box(text(formula))]


def _cut_box(piece: Box, width: int, rest: str) -> list[str]:
    return list(piece.lines) if len(piece.lines) > 1 else _cut(piece.lines[0], width, rest)


def _cells(formula: Formula) -> float:
    return box(formula).width


def _cut(piece: str, width: int, rest: str) -> list[str]:
    """A piece without an operator to break at is cut between factors."""
    if cells(piece) <= width:
        return [piece]
    at = _best_blank(piece, width, len(rest))
    return [piece[:at], *_cut(rest + "  " + piece[at + 1 :], width, rest)] if at else [piece]


def _best_blank(piece: str, width: int, start: int) -> int | None:
    """The last of the blanks in the fewest parentheses, between the rows of a matrix if it can be."""
    depth, best = 0, None
    for at, char in enumerate(piece[:width]):
        depth += (char in "([{") - (char in ")]}")
        cost = (depth, piece[at - 1] != ";")
        if char == " " and at > start + 4 and (best is None or cost <= best[0]):
            best = (cost, at)
    return best[1] if best else None


def _with_reason(formula: list[str], why: str, column: int, width: int) -> list[str]:
    if not why:
        return formula
    room = width - column - 2
    if room >= 24 and cells(formula[-1]) < column:
        first, *others = fill(why, room)
        return [
            *formula[:-1],
            f"{pad(formula[-1], column)}· {first}",
            *(" " * (column + 2) + more for more in others),
        ]
    return [*formula, *fill(why, width, _INDENT + "      · ", _INDENT + "        ")]


def _numbered(shown: list[str], number: str, width: int) -> list[str]:
    tag = f"({number})"
    if cells(shown[-1]) + len(tag) + 1 <= width:
        return [*shown[:-1], pad(shown[-1], width - len(tag)) + tag]
    return [*shown, pad(tag, width, "right")]
