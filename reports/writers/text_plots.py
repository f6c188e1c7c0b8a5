"""Plots on a character grid: rough, but a terminal shows the shape and the values."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import log10

from reports.document.charts import Plot, visible_band, visible_points
from reports.document.inline import InlineLike
from reports.writers.text_grid import Grid

NOTHING = "(no finite values)"
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_UNNAMED, _AREA = "·", "░"
Point = tuple[float, float]
Triple = tuple[float, float, float]


def text_plot(plot: Plot, width: int, height: int = 14) -> list[str]:
    """Curves of letters in a frame; where curves meet, the last one is seen.

    Curves without a name are dots behind those with one, and bands are shades behind all.
    """
    (x0, x1), (y0, y1) = spans(plot)
    if not x0 <= x1:
        return [NOTHING]
    room = max(20, width - 12)
    grid = Grid(room, height)

    def place(x: float, y: float) -> tuple[int, int]:
        return round((x - x0) / (x1 - x0) * (room - 1)), round((y1 - y) / (y1 - y0) * (height - 1))

    for triples in bands(plot):
        for column in range(room):
            low, high = between(triples, x0 + (x1 - x0) * column / (room - 1))
            for row in range(place(x0, high)[1], place(x0, low)[1] + 1) if low <= high else ():
                grid.put(column, row, _AREA)
    for letter, points in sorted(zip(letters(plot), curves(plot), strict=True), key=lambda curve: bool(curve[0])):
        for x, y in points:
            grid.put(*place(x, y), letter or _UNNAMED)
    return _framed(grid.lines(), plot, (x0, x1), (y0, y1), room)


def letters(plot: Plot) -> list[str]:
    """A letter for each curve with a name, nothing for the others; stars when there are no more letters."""
    free = iter(_LETTERS)
    return [next(free, "*") if series.name else "" for series in plot.series]


def curves(plot: Plot) -> list[list[Point]]:
    """The points of each curve, as decimal logarithms along a logarithmic axis."""
    x, y = _scale(plot.log_x), _scale(plot.log_y)
    return [[(x(a), y(b)) for a, b in visible_points(plot, series)] for series in plot.series]


def bands(plot: Plot) -> list[list[Triple]]:
    """The (x, low, high) of each band, in the order of x, as decimal logarithms along a logarithmic axis."""
    x, y = _scale(plot.log_x), _scale(plot.log_y)
    return [sorted((x(a), y(b), y(c)) for a, b, c in visible_band(plot, band)) for band in plot.bands]


def _scale(log: bool) -> Callable[[float], float]:
    return log10 if log else float


def between(triples: list[Triple], x: float) -> Point:
    """The low and the high end of a band at x, on straight lines; (1, 0) beside the band."""
    for (x0, low0, high0), (x1, low1, high1) in pairwise(triples):
        if x0 <= x <= x1:
            part = (x - x0) / (x1 - x0) if x1 > x0 else 0.0
            return low0 + (low1 - low0) * part, high0 + (high1 - high0) * part
    return 1.0, 0.0


def spans(plot: Plot) -> tuple[Point, Point]:
    """The ends of both axes, never equal; from 1 down to 0 if there is nothing to show."""
    points = [point for curve in curves(plot) for point in curve]
    points += [(x, y) for triples in bands(plot) for x, *pair in triples for y in pair]
    if not points:
        return (1.0, 0.0), (1.0, 0.0)
    return _span([x for x, _ in points]), _span([y for _, y in points])


def _span(values: list[float]) -> Point:
    lo, hi = min(values), max(values)
    return (lo, hi) if hi > lo else (lo - 1, hi + 1)


def _framed(rows: list[str], plot: Plot, xs: Point, ys: Point, room: int) -> list[str]:
    marks = {0: _tick(ys[1], plot.log_y), len(rows) - 1: _tick(ys[0], plot.log_y)}
    framed = [f"{marks.get(n, ''):>9} │{row}" for n, row in enumerate(rows)]
    left, right = (f"1e{x:+.1f}" if plot.log_x else f"{x:g}" for x in xs)
    return [*framed, " " * 10 + "└" + "─" * room, " " * 11 + left.ljust(room - len(right)) + right]


def _tick(value: float, log_y: bool) -> str:
    return f"1e{value:+.1f}" if log_y else f"{value:.3g}"


def legend(plot: Plot, shown: Callable[[InlineLike], str], area: str = _AREA, unnamed: str = _UNNAMED) -> str:
    """Which letter is which curve, and how bands and curves without a name look, unless that needs no words.

    Hard blanks keep each entry in one piece.
    """
    named = ((letter, series.name) for letter, series in zip(letters(plot), plot.series, strict=True) if letter)
    entries = [f"{letter} {shown(name)}" for letter, name in named]
    entries += [f"{area} {shown(band.name)}" for band in plot.bands if band.name]
    if unnamed and not all(series.name for series in plot.series):
        entries.append(f"{unnamed} curves without a name")
    return "   ".join(entry.replace(" ", "\u00a0") for entry in entries)
