"""Heat maps in a terminal: a grid of numbers, thinned out until it fits, with a bar where the threshold lies."""

from __future__ import annotations

from reports.document.heatmaps import HeatMap, has_missing, parted
from reports.document.ticks import position_labels, spread
from reports.writers.text_inline import TextInline, cells, fill, pad
from reports.writers.text_numbers import aligned, left_out

_MOST_ROWS = 24
_NONE = "–"


def text_heat_map(heat: HeatMap, inline: TextInline, width: int) -> list[str]:
    """Rows from the top down, the x positions below them, and what the numbers are."""
    if not heat.x or not heat.y:
        return ["(no cells)"]
    rows = spread(heat.y, _MOST_ROWS)
    flat = aligned([value for row in heat.values for value in row])
    numbers = [flat[j * len(heat.x) : (j + 1) * len(heat.x)] for j in range(len(heat.y))]
    x_names, y_names = ([_short(inline(name)) for name in position_labels(axis)] for axis in (heat.x, heat.y))
    left = max(cells(y_names[j]) for j in rows)
    cell = max(map(cells, [*flat, *x_names]))
    columns = spread(heat.x, max(1, (width - left - 2) // (cell + 1)))
    body = [f"{pad(y_names[j], left, 'right')} │{_row(heat, numbers[j], j, columns, cell)}" for j in reversed(rows)]
    foot = "".join(f" {pad(x_names[i], cell, 'right')}" for i in columns)
    return [
        *fill(f"{inline(heat.y_label)} (rows) over {inline(heat.x_label)} (columns)", width),
        *body,
        " " * (left + 1) + "└" + "─" * ((cell + 1) * len(columns)),
        " " * (left + 2) + foot,
        *fill(_key(heat, inline), width),
        *left_out(len(heat.x), len(columns), "column", width),
        *left_out(len(heat.y), len(rows), "row", width),
    ]


def _short(name: str) -> str:
    return name if cells(name) <= 16 else name[:15] + "…"


def _row(heat: HeatMap, numbers: list[str], j: int, columns: list[int], cell: int) -> str:
    shown = ""
    for before, i in zip([None, *columns], columns, strict=False):
        bar = before is not None and parted(heat, (before, j), (i, j))
        shown += f"{'│' if bar else ' '}{pad(numbers[i], cell, 'right')}"
    return shown


def _key(heat: HeatMap, inline: TextInline) -> str:
    parts = [f"numbers: {inline(heat.value_label)}"]
    if heat.threshold is not None:
        parts.append(f"│ between two numbers: one is below {heat.threshold:g}, the other is not".replace("-", "−"))
    if has_missing(heat):
        parts.append(f"{_NONE}: no value")
    return "; ".join(parts)
