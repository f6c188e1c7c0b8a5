"""Line plots by Matplotlib: bands first, then thin curves, then those with a name of their own."""

from __future__ import annotations

from math import log10
from typing import TYPE_CHECKING, Any, Literal

from reports.document.charts import Band, Dash, Marker, Plot, Series, mark_every, visible_band, visible_points
from reports.document.ticks import narrow_ticks, nice_ticks, position_label
from reports.drawing.labels import label_text
from reports.drawing.sheet import GRID, legend_beside, say_nothing_is_there

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH = 1.1
_SCALES: dict[bool, Literal["linear", "log"]] = {False: "linear", True: "log"}
_MARGIN = 0.02
_FAR, _MOST_TICKS = 1e250, 6
_BAND_OPACITY = 0.2
_DASHES: dict[Dash, Any] = {
    "solid": "-", "dashed": (0, (4, 2)), "dotted": (0, (1, 1.6)), "dashdot": (0, (5, 1.6, 1, 1.6)),
}  # fmt: skip
_MARKS: dict[Marker, str] = {
    "none": "",
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "diamond": "D",
    "cross": "x",
}


def draw_plot(plot: Plot, figure: Figure) -> None:
    """The plot on an empty figure."""
    axes = figure.subplots()
    for band in plot.bands:
        _area(axes, plot, band)
    for series in plot.series:
        _curve(axes, plot, series)
    axes.margins(x=_MARGIN)
    if not axes.has_data():
        say_nothing_is_there(axes)
    elif plot.log_y or plot.log_x:
        _scale(axes, plot)
    axes.set_xlabel(label_text(plot.x_label))
    axes.set_ylabel(label_text(plot.y_label))
    axes.grid(True, **GRID)
    legend_beside(axes)


def _scale(axes: Axes, plot: Plot) -> None:
    """Logarithmic axes; one so long that Matplotlib's margins and ticks overflow gets none and our own."""
    spans = {axes.xaxis: axes.dataLim.intervalx, axes.yaxis: axes.dataLim.intervaly}
    logs = {axes.xaxis: plot.log_x, axes.yaxis: plot.log_y}
    far = [axis for axis, (low, high) in spans.items() if logs[axis] and (low < 1 / _FAR or high > _FAR)]
    axes.margins(x=0.0 if axes.xaxis in far else _MARGIN, y=0.0 if axes.yaxis in far else None)
    axes.set(xscale=_SCALES[plot.log_x], yscale=_SCALES[plot.log_y])
    low, high = spans[axes.xaxis]
    ticks = narrow_ticks(low, high) if plot.log_x else []
    if ticks:
        axes.xaxis.set_ticks(ticks, labels=[label_text(position_label(tick)) for tick in ticks])
        axes.xaxis.set_ticks([], minor=True)
    for axis in far:
        low, high = map(log10, spans[axis])
        axis.set_ticks([10.0**power for power in nice_ticks(low, high, _MOST_TICKS, whole=True)])
        axis.set_ticks([], minor=True)


def _area(axes: Axes, plot: Plot, band: Band) -> None:
    triples = visible_band(plot, band)
    if triples:
        x, low, high = zip(*triples, strict=True)
        axes.fill_between(
            x, low, high, color=band.style.hex, alpha=_BAND_OPACITY, linewidth=0, label=label_text(band.name)
        )


def _curve(axes: Axes, plot: Plot, series: Series) -> None:
    points = visible_points(plot, series)
    if not points:
        return
    axes.plot(
        [x for x, _ in points], [y for _, y in points],
        color=series.style.hex, linewidth=_WIDTH * series.style.weight, linestyle=_DASHES[series.style.dash],
        marker=_MARKS[series.style.marker] or ("o" if len(points) == 1 else ""),
        markersize=3.4, markevery=mark_every(len(points)),
        label=label_text(series.name),
    )  # fmt: skip
