"""What the charts have in common: the width of the sheet, its grid and legend, labels at categorical places."""

from __future__ import annotations

from collections.abc import Sequence
from math import radians, sin
from typing import TYPE_CHECKING, Any

from reports.document.inline import InlineLike
from reports.document.ticks import is_slanted, labelled, position_labels, widest
from reports.drawing.labels import label_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_MM = 150.0
MM_PER_INCH = 25.4
NOTHING = "no finite values"
GRID: Any = {"color": "#e4e4e4", "linewidth": 0.5}
_LEGEND: Any = {"frameon": False, "borderaxespad": 0, "handlelength": 2.4}
_TICK_EM_MM = 9.0 * MM_PER_INCH / 72.0
_SLANT_DEGREES = 30.0


def legend_beside(axes: Axes) -> None:
    """The legend at the right of the axes, if any curve has a name: bars before the marks on them."""
    from matplotlib.container import Container

    handles, names = axes.get_legend_handles_labels()
    order = sorted(range(len(names)), key=lambda n: not isinstance(handles[n], Container))
    if order:
        shown = [handles[n] for n in order], [names[n] for n in order]
        axes.legend(*shown, loc="upper left", bbox_to_anchor=(1.01, 1.02), **_LEGEND)


def say_nothing_is_there(axes: Axes) -> None:
    """Words in the middle of axes that would be empty."""
    axes.text(0.5, 0.5, NOTHING, transform=axes.transAxes, ha="center", va="center", color="#777777")


def place_across(axes: Axes, values: Sequence[InlineLike | float], room_mm: float) -> None:
    """Labels along the x axis, at 0, 1, 2 …: slanted if they are words that do not fit, else every n-th.

    The sheet grows by the height of slanted labels, so that they take nothing from the picture.
    """
    room = room_mm / _TICK_EM_MM
    slanted = is_slanted(values, room)
    labels = [label_text(label) for label in position_labels(values)]
    places = list(range(len(values))) if slanted else labelled(values, room)
    axes.set_xticks(places, [labels[n] for n in places])
    if slanted:
        for tick in axes.get_xticklabels():
            tick.set(rotation=_SLANT_DEGREES, ha="right", va="top", rotation_mode="anchor")
        rise = _TICK_EM_MM * sin(radians(_SLANT_DEGREES)) * max(widest(values), widest(_words_only(labels)))
        _heighten(axes, rise / MM_PER_INCH)


def _heighten(axes: Axes, inches: float) -> None:
    figure = axes.get_figure(root=True)
    if figure is not None:
        figure.set_figheight(figure.get_figheight() + inches)


def _words_only(labels: list[str]) -> list[str]:
    """Labels as they are printed: code points are wider than the letters they stand for."""
    return [label for label in labels if "$" not in label]
