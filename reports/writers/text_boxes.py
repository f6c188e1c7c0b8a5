"""Formulas in a terminal on several lines: a matrix with tall brackets, and everything else on its axis beside it.

A formula without a matrix is one line, that of `reports.formula.to_text`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import singledispatch
from itertools import groupby

from reports.formula.shape import flatten, grows, hang, is_fenced
from reports.formula.to_text import text
from reports.formula.tree import Atom, Big, Boxed, Call, Formula, Matrix, Paren, Role, Row, Script, Stacked
from reports.writers.text_inline import cells, pad

_TALL = {"(": "⎛⎜⎝", ")": "⎞⎟⎠", "[": "⎡⎢⎣", "]": "⎤⎥⎦"}
_NUMBER = re.compile(r"[−\d.]+")
_NOTHING = Atom("")


@dataclass(frozen=True)
class Box:
    """Lines of one width; the one that signs beside the box stand on is the axis."""

    lines: tuple[str, ...]
    axis: int

    @property
    def width(self) -> int:
        return cells(self.lines[0])


def box(formula: Formula) -> Box:
    """The formula as lines."""
    return _box(formula) if grows(formula) else line_box(text(formula))


def line_box(shown: str) -> Box:
    return Box((shown,), 0)


@singledispatch
def _box(formula: Formula) -> Box:
    return line_box(text(formula))


@_box.register
def _row(formula: Row) -> Box:
    """What does not grow is printed in one piece; an empty atom before it keeps its first + binary."""
    out: list[Box] = []
    for tall, items in groupby(flatten(formula), grows):
        run = tuple(items)
        out += [box(item) for item in run] if tall else [line_box(text(Row((_NOTHING, *run) if out else run)))]
    return beside(_with_gaps(out))


def _with_gaps(boxes: Sequence[Box]) -> list[Box]:
    """Blanks between the parts, but none before a comma and after the sign of the whole."""
    out: list[Box] = []
    for part in boxes:
        tight = part.lines[0].startswith((",", ";")) or (len(out) == 1 and out[0].lines == ("−",))
        out += [part] if tight or not out else [line_box(" "), part]
    return [part for part in out if part.width]


def beside(boxes: Sequence[Box]) -> Box:
    """Side by side, axis on axis."""
    above = max(part.axis for part in boxes)
    below = max(len(part.lines) - part.axis for part in boxes)
    padded = [_heightened(part, above, below) for part in boxes]
    return Box(tuple("".join(pieces) for pieces in zip(*padded, strict=True)), above)


def _heightened(part: Box, above: int, below: int) -> list[str]:
    blank = " " * part.width
    return [blank] * (above - part.axis) + list(part.lines) + [blank] * (below - len(part.lines) + part.axis)


def _above(boxes: Sequence[Box], align: str = "left") -> Box:
    """One below the other; the axis is in the middle."""
    wide = max(part.width for part in boxes)
    lines = tuple(pad(line, wide, align) for part in boxes for line in part.lines)
    return Box(lines, (len(lines) - 1) // 2)


@_box.register
def _stacked(formula: Stacked) -> Box:
    return _above([box(line) for line in formula.lines])


@_box.register
def _matrix(formula: Matrix) -> Box:
    """Columns are centred, numbers right-aligned; tall cells have a blank line between them."""
    shown = [[box(cell) for cell in row] for row in formula.rows]
    columns = [_column(column) for column in zip(*shown, strict=True)]
    rows = [beside([x for cell in row for x in (line_box("  "), cell)][1:]) for row in zip(*columns, strict=True)]
    tall = any(len(row.lines) > 1 for row in rows)
    parted = [x for row in rows for x in ([line_box("")] if tall else []) + [row]][1 if tall else 0 :]
    return _fenced(_above(parted), "[", "]")


def _column(column: Sequence[Box]) -> list[Box]:
    wide = max(cell.width for cell in column)
    numbers = all(_NUMBER.fullmatch(cell.lines[0]) for cell in column)
    align = "right" if numbers else "center"
    return [Box(tuple(pad(line, wide, align) for line in _block(cell)), cell.axis) for cell in column]


def _block(cell: Box) -> tuple[str, ...]:
    """Lines of one width, so that centring them keeps them aligned."""
    return tuple(pad(line, cell.width) for line in cell.lines)


def _fenced(body: Box, left: str, right: str) -> Box:
    return beside([_delimiter(left, body), body, _delimiter(right, body)])


def _delimiter(sign: str, body: Box) -> Box:
    height = len(body.lines)
    if height == 1 or sign not in _TALL:
        return line_box(sign)
    tall = _TALL[sign]
    return Box((tall[0], *[tall[1]] * (height - 2), tall[2]), body.axis)


@_box.register
def _paren(formula: Paren) -> Box:
    return _fenced(box(formula.body), formula.left, formula.right)


@_box.register
def _call(formula: Call) -> Box:
    """A matrix brings its own brackets."""
    function, arguments = line_box(text(formula.function)), [box(argument) for argument in formula.args]
    if is_fenced(formula.args):
        return beside([function, *arguments])
    listed = [x for argument in arguments for x in (line_box(", "), argument)][1:]
    return beside([function, _fenced(beside(listed), "(", ")")])


@_box.register
def _big(formula: Big) -> Box:
    return beside([line_box(text(replace(formula, body=_NOTHING))), box(formula.body)])


@_box.register
def _body(formula: Role | Boxed) -> Box:
    return box(formula.body)


@_box.register
def _script(formula: Script) -> Box:
    """The superscript at the upper corner, the subscript at the lower one."""
    script = hang(formula)
    base = box(script.base)
    if len(base.lines) == 1:
        return line_box(text(formula))
    above, below = (text(Script(_NOTHING, sub, sup)) for sub, sup in ((None, script.sup), (script.sub, None)))
    wide = max(cells(above), cells(below))
    ends = [above, *[""] * (len(base.lines) - 2), below]
    return Box(tuple(line + pad(end, wide) for line, end in zip(base.lines, ends, strict=True)), base.axis)
