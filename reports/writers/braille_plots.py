"""Plots of Braille dots in a frame with round ticks; each curve with a name has its letter at its end."""

from __future__ import annotations

from math import floor, log10

from reports.document.charts import Dash, Plot
from reports.document.ticks import nice_ticks
from reports.writers.braille_dots import ACROSS, DOWN, Cell, Dots
from reports.writers.text_plots import NOTHING, Point, bands, between, curves, letters, spans

Row = list[Cell]
_DASHES: dict[Dash, tuple[int, int]] = {"solid": (1, 0), "dashed": (4, 3), "dotted": (1, 2), "dashdot": (5, 2)}
OTHER_INK = -1  # of a band whose colour no curve has
_ROWS_A_TICK, _COLUMNS_A_TICK = 2, 10
_LEAST = 10


def braille_plot(plot: Plot, width: int, height: int = 12) -> list[str]:
    """The plot as `height` lines of dots with a frame, a foot and letters at the ends, at most `width` wide."""
    return ["".join(cell.char for cell in row).rstrip() for row in braille_rows(plot, width, height)]


def braille_rows(plot: Plot, width: int, height: int) -> list[Row]:
    """The same as characters with inks: the index of the first curve of the same colour."""
    xs, ys = spans(plot)
    if not xs[0] <= xs[1]:
        return [_cells(NOTHING)]
    y_ticks = _ticks(ys, max(2, height // _ROWS_A_TICK), plot.log_y)
    gutter = max(len(shown) for _, shown in y_ticks) + 1
    margin = sum(map(bool, letters(plot))) + 1
    room = max(_LEAST, width - gutter - 1 - margin)
    rows = [row + [Cell()] * margin for row in _drawn(plot, xs, ys, room, height).cells()]
    _name_the_ends(rows, plot, xs, ys, room)
    at = {_place(y, (ys[1], ys[0]), height * DOWN) // DOWN: shown for y, shown in y_ticks}
    framed = [_cells(f"{at.get(n, ''):>{gutter}}{'┤' if n in at else '│'}") + row for n, row in enumerate(rows)]
    return framed + [_cells(" " * gutter + line) for line in _foot(plot, xs, room)]


def _cells(line: str) -> Row:
    return [Cell(char) for char in line]


def _place(value: float, span: Point, count: int) -> int:
    """Which of `count` places from one end of the span to the other a value is at."""
    return round((value - span[0]) / (span[1] - span[0]) * (count - 1))


def inks(plot: Plot) -> list[int]:
    """For each curve the index of the first one of its colour."""
    colours = [series.style.hex for series in plot.series]
    return [colours.index(colour) for colour in colours]


def _drawn(plot: Plot, xs: Point, ys: Point, room: int, height: int) -> Dots:
    """Bands, then curves without a name, then those with one."""
    dots = Dots(room, height)
    across, down = room * ACROSS, height * DOWN
    colours = [series.style.hex for series in plot.series]
    for band, triples in zip(plot.bands, bands(plot), strict=True):
        ink = colours.index(band.style.hex) if band.style.hex in colours else OTHER_INK
        for x in range(0, across, ACROSS):
            low, high = between(triples, xs[0] + (xs[1] - xs[0]) * x / (across - 1))
            ends = [_place(y, (ys[1], ys[0]), down) for y in (high, low)]
            for y in range(ends[0], ends[1] + 1) if low <= high else ():
                if y % DOWN == x // ACROSS % 2 * 2:
                    dots.put(x, y, ink)
    drawn = zip(plot.series, inks(plot), curves(plot), strict=True)
    for series, ink, points in sorted(drawn, key=lambda curve: bool(curve[0].name)):
        places = [(_place(x, xs, across), _place(y, (ys[1], ys[0]), down)) for x, y in points]
        for start, end in zip(places, places[1:] or places, strict=False):
            dots.line(start, end, ink, *_DASHES[series.style.dash])
    return dots


def _name_the_ends(rows: list[Row], plot: Plot, xs: Point, ys: Point, room: int) -> None:
    """A letter to the right of each last point; where one stands already, the next one further right."""
    for letter, ink, points in zip(letters(plot), inks(plot), curves(plot), strict=True):
        if letter and points:
            x, y = max(points)
            row = rows[_place(y, (ys[1], ys[0]), len(rows) * DOWN) // DOWN]
            column = _place(x, xs, room * ACROSS) // ACROSS + 1
            free = next(n for n in range(column, len(row)) if not row[n].char.isalpha())
            row[free] = Cell(letter, ink)


def _ticks(span: Point, most: int, log: bool) -> list[tuple[float, str]]:
    """Round values with what is printed there; powers of ten along a logarithmic axis, if there are two."""
    powers = nice_ticks(*span, most, whole=True) if log else []
    if len(powers) > 1:
        return [(power, f"1e{power:.0f}".replace("-", "−")) for power in powers]
    values = nice_ticks(*span, most)
    shown = [f"{10**value:.3g}" for value in values] if log else _printed(values)
    return list(zip(values, (text.replace("-", "−") for text in shown), strict=True))


def _printed(values: list[float]) -> list[str]:
    """Equally many decimals, as many as the steps between the values need."""
    largest = max(map(abs, values))
    step = values[1] - values[0] if len(values) > 1 else largest
    decimals = max(0, -floor(log10(step) + 1e-9)) if step else 0
    return [f"{value:.{decimals}f}" if largest < 1e6 and decimals <= 5 else f"{value:.3g}" for value in values]


def _foot(plot: Plot, xs: Point, room: int) -> list[str]:
    rule, labels = ["─"] * room, [" "] * (room + 1)
    end = -1
    for x, shown in _ticks(xs, max(2, room // _COLUMNS_A_TICK), plot.log_x):
        at = _place(x, xs, room * ACROSS) // ACROSS
        start = min(max(at + 1 - len(shown) // 2, 0), room + 1 - len(shown))
        if start > end:
            rule[at] = "┬"
            labels[start : start + len(shown)] = shown
            end = start + len(shown)
    return ["└" + "".join(rule), "".join(labels).rstrip()]
