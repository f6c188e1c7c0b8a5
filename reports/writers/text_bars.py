"""Stacked bars in a terminal: a line for each category, negative parts to the left of zero."""

from __future__ import annotations

from reports.document.bars import Bars, is_empty, pieces, totals
from reports.document.ticks import position_labels, spread
from reports.writers.text_grid import Grid
from reports.writers.text_inline import TextInline, cells, fill, pad
from reports.writers.text_numbers import aligned, left_out
from reports.writers.text_plots import NOTHING

_FILLS = "█░▒╳•=abcdefghijklmnopqrstuvwxyz"
_MARK = "◆"
_MOST = 32
_LEAST = 16


def text_bars(bars: Bars, inline: TextInline, width: int) -> list[str]:
    """A head, the bars with the sum of each, their scale, and which sign is which part."""
    if is_empty(bars):
        return [NOTHING]
    found = pieces(bars)
    shown = spread(bars.categories, _MOST)
    names = [inline(label) for label in position_labels(bars.categories)]
    sums = aligned([totals(bars)[n] for n in shown])
    head = inline(bars.total) or "sum"
    left = min(max(map(cells, [*(names[n] for n in shown), inline(bars.category_label)])), width // 3)
    right = max(map(cells, [*sums, head]))
    room = max(_LEAST, width - left - right - 4)
    low, high = (end([0.0, *(piece.end for piece in found)]) for end in (min, max))
    high = high if low < high else 1.0  # all are zero
    lines = [f"{pad(inline(bars.category_label), left)}  {' ' * room}  {pad(head, right, 'right')}".rstrip()]
    for n, total in zip(shown, sums, strict=True):
        bar = _bar(bars, n, low, high, room)
        lines += [f"{pad(_cut(names[n], left), left, 'right')}  {bar}  {pad(total, right, 'right')}".rstrip()]
    return [
        *lines,
        *(" " * (left + 2) + line for line in _scale(low, high, room)),
        *fill(f"{inline(bars.value_label)}:  {_key(bars, inline)}", width),
        *left_out(len(bars.categories), len(shown), "bar", width),
    ]


def _cut(name: str, width: int) -> str:
    """A name that is too long ends in dots."""
    while cells(name) > width:
        name = name.rstrip("…")[:-1] + "…"
    return name


def _bar(bars: Bars, category: int, low: float, high: float, room: int) -> str:
    """Each part from the end of the one before; the line of zero has a column of its own."""
    grid = Grid(room, 1)
    zero = _column(0.0, low, high, room)
    for piece in pieces(bars):
        if piece.category == category:
            start, end = sorted(_column(value, low, high, room) for value in (piece.start, piece.end))
            after = 1 if piece.end > 0 else 0
            grid.put(start + after, 0, _FILLS[piece.series % len(_FILLS)] * (end - start))
    grid.put(zero, 0, "│")
    total = totals(bars)[category]
    if bars.total and total is not None:
        grid.put(_column(total, low, high, room), 0, _MARK)
    return pad(grid.lines()[0], room)


def _column(value: float, low: float, high: float, room: int) -> int:
    return round((value / (high - low) - low / (high - low)) * (room - 1))


def _scale(low: float, high: float, room: int) -> list[str]:
    """Zero and the ends, marked and named; a name that would touch another is left out."""
    rule, names = Grid(room, 1), Grid(room, 1)
    rule.put(0, 0, "─" * room)
    for value, shown in zip((0.0, low, high), ["0", *aligned([low, high])], strict=True):
        at = _column(value, low, high, room)
        rule.put(at, 0, "┴")
        start = min(max(at - len(shown) // 2, 0), room - len(shown))
        if not names.lines()[0].ljust(room)[max(start - 1, 0) : start + len(shown) + 1].strip():
            names.put(start, 0, shown)
    return [rule.lines()[0], names.lines()[0]]


def _key(bars: Bars, inline: TextInline) -> str:
    entries = [f"{_FILLS[n % len(_FILLS)]} {inline(part.name)}" for n, part in enumerate(bars.series)]
    entries += [f"{_MARK} {inline(bars.total)}"] if bars.total else []
    return "   ".join(entry.replace(" ", "\u00a0") for entry in entries)
