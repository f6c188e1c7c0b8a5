"""Widths of table columns, from weights or from what stands in the cells."""

from __future__ import annotations

import re

from reports.document.blocks import Column, Table
from reports.document.inline import Cite, Code, InlineLike, Link, Part, Ref, Strong, as_inline
from reports.escaping.characters import is_cjk
from reports.formula.measure import width
from reports.formula.tree import Formula

LINE_EM = 41.0
_GAP_EM = 1.1


def natural_width(cell: InlineLike) -> float:
    """The width of a cell in em, on one line."""
    return sum(_part_width(part) for part in as_inline(cell))


def _part_width(part: Part) -> float:
    match part:
        case Formula():
            return 1.15 * width(part)  # limits stand beside their sign in running text
        case Code(text):
            return 0.53 * len(text) + 0.2
        case Ref():
            return 5.5
        case Cite():
            return 1.3
        case Strong(text):
            return 1.18 * _text_width(text)
        case str(text) | Link(text, _):
            return _text_width(text)
    return 0.0


def _text_width(text: str) -> float:
    return sum(1.0 if is_cjk(char) else 0.74 if char.isupper() else 0.5 for char in text)


def _longest_word(cell: InlineLike) -> float:
    """What cannot be broken: a word, a formula."""
    words: list[float] = [0.0]
    for part in as_inline(cell):
        match part:
            case Strong(text):
                words.append(1.18 * _text_width(text))
            case Code(text):
                words += [0.53 * len(piece) + 0.5 for piece in re.split(r"(?<=[_./])", text)]
            case str(text) | Link(text, _):
                words += [1.05 * _text_width(word) for word in text.split()]
            case _:
                words.append(_part_width(part))
    return max(words)


def shares(table: Table) -> list[float]:
    """Each column's share of the line, gaps included; the sum is at most 1."""
    natural = [_column_width(column, index, table) for index, column in enumerate(table.columns)]
    least = [min(_least_width(index, table), LINE_EM / 2) for index in range(len(table.columns))]
    if sum(natural) <= LINE_EM:
        return [share / LINE_EM for share in natural]
    fixed = sum(least)
    spare = max(0.0, LINE_EM - fixed)
    wish = [max(0.0, n - m) for n, m in zip(natural, least, strict=True)]
    total = sum(wish) or 1.0
    widths = [m + spare * w / total for m, w in zip(least, wish, strict=True)]
    return [share / max(LINE_EM, sum(widths)) for share in widths]


def _column_width(column: Column, index: int, table: Table) -> float:
    if column.weight is not None:
        return column.weight / sum(c.weight or 1.0 for c in table.columns) * LINE_EM
    cells = [natural_width(cells[index]) for cells in table.rows]
    return max([1.08 * natural_width(column.header), *cells]) + _GAP_EM


def _least_width(index: int, table: Table) -> float:
    cells = [_longest_word(cells[index]) for cells in table.rows]
    return max([_longest_word(table.columns[index].header), *cells]) + _GAP_EM
