"""Heat maps in a terminal: a grid of numbers, thinned out until it fits, with a bar where the threshold lies."""

from __future__ import annotations

from reports.document.heatmaps import HeatMap, curve_cells, curve_pieces, has_missing, parted
from reports.document.ticks import position_labels, spread
from reports.writers.text_inline import TextInline, cells, fill, pad
from reports.writers.text_numbers import aligned, left_out

_MOST_ROWS = 24
_NONE = "–"
_ON_CURVE = "*"


def text_heat_map(heat: HeatMap, inline: TextInline, width: int) -> list[str]:
    """Rows from the top down, the x positions below them, and what the numbers are."""
    if not heat.x or not heat.y:
        return ["(no cells)"]
    rows = spread(heat.y, _MOST_ROWS)
    numbers = _numbers(heat)
    x_names, y_names = ([_short(inline(name)) for name in position_labels(axis)] for axis in (heat.x, heat.y))
    left = max(cells(y_names[j]) for j in rows)
    beside = " " * bool(heat.curve)
    cell = max(map(cells, [*(number for row in numbers for number in row), *(name + beside for name in x_names)]))
    columns = spread(heat.x, max(1, (width - left - 2) // (cell + 1)))
    _mark_curve(heat, numbers, columns, rows)
    body = [
        f"{pad(y_names[j], left, 'right')} │{_row(heat, numbers[j], j, columns, cell)}".rstrip() for j in reversed(rows)
    ]
    foot = "".join(f" {pad(x_names[i] + beside, cell, 'right')}" for i in columns)
    return [
        *fill(f"{inline(heat.y_label)} (rows) over {inline(heat.x_label)} (columns)", width),
        *body,
        " " * (left + 1) + "└" + "─" * ((cell + 1) * len(columns)),
        " " * (left + 2) + foot.rstrip(),
        *fill(_key(heat, inline), width),
        *left_out(len(heat.x), len(columns), "column", width),
        *left_out(len(heat.y), len(rows), "row", width),
    ]


def _numbers(heat: HeatMap) -> list[list[str]]:
    """Row by row, with a blank after each where there is a curve to be marked."""
    flat = [number + " " * bool(heat.curve) for number in aligned([value for row in heat.values for value in row])]
    return [flat[j * len(heat.x) : (j + 1) * len(heat.x)] for j in range(len(heat.y))]


def _mark_curve(heat: HeatMap, numbers: list[list[str]], columns: list[int], rows: list[int]) -> None:
    """A mark instead of the blank: in the cells that the curve runs through, or those shown that are the nearest."""
    for place in curve_cells(heat):
        i, j = (min(shown, key=lambda n: abs(n - at)) for shown, at in zip((columns, rows), place, strict=True))
        numbers[j][i] = numbers[j][i][:-1] + _ON_CURVE


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
    if curve_pieces(heat):
        parts.append(f"{_ON_CURVE}: {inline(heat.curve_name) or 'the curve'} runs through this cell")
    if has_missing(heat):
        parts.append(f"{_NONE}: no value")
    return "; ".join(parts)
