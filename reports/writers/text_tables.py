"""Tables of plain text that fit a terminal: the widest columns give way, and their cells wrap."""

from __future__ import annotations

from reports.document.blocks import Table
from reports.writers.text_inline import TextInline, cells, fill, pad

_GAP = "  "


def text_table(table: Table, inline: TextInline, width: int) -> list[str]:
    """Header, rule and rows."""
    header = [inline(column.header) for column in table.columns]
    rows = [[inline(cell) for cell in row] for row in table.rows]
    widths = _widths([header, *rows], width)
    rule = "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    body = [line for row in rows for line in _row(row, table, widths)]
    return [rule, *_row(header, table, widths), rule, *body, rule]


def _widths(rows: list[list[str]], width: int) -> list[int]:
    """The natural widths, the largest cut down until the line fits."""
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    room = width - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > 8:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(row: list[str], table: Table, widths: list[int]) -> list[str]:
    wrapped = [_wrapped(cell, width) for cell, width in zip(row, widths, strict=True)]
    height = max(map(len, wrapped))
    lines = []
    for n in range(height):
        shown = [
            pad(cell[n] if n < len(cell) else "", width, column.align)
            for cell, width, column in zip(wrapped, widths, table.columns, strict=True)
        ]
        lines.append(_GAP.join(shown).rstrip())
    return lines


def _wrapped(cell: str, width: int) -> list[str]:
    return [cell.replace("\u00a0", " ")] if cells(cell) <= width else fill(cell, width)
