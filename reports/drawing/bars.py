"""Stacked bars by Matplotlib: colours under a white hatch, which grey print keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.document.bars import Bars, Hatch, Piece, is_empty, pieces, totals
from reports.document.columns import natural_width
from reports.drawing.labels import label_text
from reports.drawing.sheet import GRID, WIDTH_MM, legend_beside, place_across, say_nothing_is_there

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR_WIDTH = 0.72
_HATCHES: dict[Hatch, str] = {
    "none": "", "slash": "////", "backslash": "\\\\\\\\", "cross": "xxxx", "dots": "....", "lines": "----",
}  # fmt: skip
_EM_MM, _SIDES_MM = 3.2, 34.0


def draw_bars(bars: Bars, figure: Figure) -> None:
    """The bars on an empty figure."""
    axes = figure.subplots()
    if is_empty(bars):
        say_nothing_is_there(axes)
        axes.set_yticks([])
    else:
        _stacks(axes, bars)
    axes.set_xlim(-0.6, max(len(bars.categories), 1) - 0.4)
    place_across(axes, bars.categories, _room_mm(bars))
    axes.tick_params(axis="x", length=0)
    axes.set_xlabel(label_text(bars.category_label))
    axes.set_ylabel(label_text(bars.value_label))
    axes.grid(True, axis="y", **GRID)
    axes.set_axisbelow(True)
    legend_beside(axes)


def _stacks(axes: Axes, bars: Bars) -> None:
    found = pieces(bars)
    for index in range(len(bars.series)):
        own = [piece for piece in found if piece.series == index]
        if own:
            _part(axes, bars, index, own)
    if bars.total:
        _marks(axes, bars)
    axes.axhline(0.0, color="#333333", linewidth=0.7)


def _part(axes: Axes, bars: Bars, index: int, found: list[Piece]) -> None:
    style = bars.style(index)
    axes.bar(
        [piece.category for piece in found], [piece.end - piece.start for piece in found], BAR_WIDTH,
        bottom=[piece.start for piece in found], color=style.hex, edgecolor="white", linewidth=0.4,
        hatch=_HATCHES[style.hatch], label=label_text(bars.series[index].name),
    )  # fmt: skip


def _marks(axes: Axes, bars: Bars) -> None:
    places = [(n, total) for n, total in enumerate(totals(bars)) if total is not None]
    axes.scatter(
        [n for n, _ in places], [total for _, total in places], 20, label=label_text(bars.total),
        marker="D", color="black", edgecolors="white", linewidths=0.8, zorder=3,
    )  # fmt: skip


def _room_mm(bars: Bars) -> float:
    """What the legend and the axis leave of the width."""
    names = [natural_width(part.name) for part in bars.series] + [natural_width(bars.total)]
    return WIDTH_MM - _SIDES_MM - _EM_MM * max(names)
