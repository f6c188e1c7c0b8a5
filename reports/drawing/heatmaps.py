"""Heat maps by Matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.document.colours import MISSING
from reports.document.heatmaps import (
    MISSING_NAME,
    HeatMap,
    beyond,
    boundary,
    curve_pieces,
    has_missing,
    is_dashed,
    limits,
    present,
)
from reports.document.ticks import position_labels, spread
from reports.drawing.labels import label_text
from reports.drawing.sheet import WIDTH_MM, place_across

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.figure import Figure

_SIDES_MM, _FOOT_MM, _LABEL_MM = 45.0, 18.0, 5.0
_MISSING_HATCH = "#bdbdbd"
_CURVE_WIDTH, _HALO_WIDTH = 1.6, 3.2
_CURVE_DASHES: dict[bool, Any] = {False: "solid", True: (0, (4, 1.8))}
_MOST_OUTLINES = 5000  # larger maps are pixels inside the SVG
_EXTEND = {(False, False): "neither", (True, False): "min", (False, True): "max", (True, True): "both"}


def draw_heat_map(heat: HeatMap, figure: Figure) -> None:
    """The heat map and its colour bar on an empty figure."""
    axes = figure.subplots()
    cells = _cells(axes, heat)
    _parting_lines(axes, heat)
    _curve(axes, heat)
    _key(axes, heat)
    place_across(axes, heat.x, WIDTH_MM - _SIDES_MM)
    places = spread(heat.y, int((heat.height_mm - _FOOT_MM) / _LABEL_MM))
    labels = [label_text(label) for label in position_labels(heat.y)]
    axes.set_yticks(places, [labels[n] for n in places])
    axes.tick_params(length=2.0)
    axes.set_xlabel(label_text(heat.x_label))
    axes.set_ylabel(label_text(heat.y_label))
    _colour_bar(figure, axes, heat, cells)


def _cells(axes: Axes, heat: HeatMap) -> ScalarMappable:
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap, Normalize

    low, high = limits(heat)
    rows = [[np.nan if present(v) is None else v for v in row] for row in heat.values]
    values = np.array(rows, dtype=float).reshape(len(heat.y), len(heat.x))
    if not values.size:
        values = np.full((1, 1), np.nan)
    corners = [np.arange(count + 1) - 0.5 for count in reversed(values.shape)]
    axes.patch.set(facecolor=MISSING, edgecolor=_MISSING_HATCH, hatch="////")
    return axes.pcolormesh(
        *corners, np.ma.masked_invalid(np.clip(values, low, high)),
        cmap=LinearSegmentedColormap.from_list("scale", list(heat.stops)), norm=Normalize(low, high),
        edgecolors="face", linewidth=0.3, rasterized=values.size > _MOST_OUTLINES,
    )  # fmt: skip


def _key(axes: Axes, heat: HeatMap) -> None:
    """What is missing and what the curve is, above the cells at the right."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Artist] = []
    if has_missing(heat):
        handles.append(Patch(facecolor=MISSING, edgecolor=_MISSING_HATCH, hatch="////", label=MISSING_NAME))
    if heat.curve_name and curve_pieces(heat):
        pen: Any = {"color": "black", "linewidth": _CURVE_WIDTH, "linestyle": _CURVE_DASHES[is_dashed(heat)]}
        handles.append(Line2D([], [], label=label_text(heat.curve_name), **pen))
    if handles:
        place: Any = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "borderaxespad": 0.3}
        axes.legend(handles=handles, frameon=False, ncols=len(handles), **place)


def _parting_lines(axes: Axes, heat: HeatMap) -> None:
    from matplotlib.collections import LineCollection

    axes.add_collection(LineCollection(boundary(heat), colors="black", linewidths=1.4, capstyle="projecting"))


def _curve(axes: Axes, heat: HeatMap) -> None:
    """On a white halo, so that it is seen on dark cells too."""
    from matplotlib.collections import LineCollection

    pieces, dashes = curve_pieces(heat), _CURVE_DASHES[is_dashed(heat)]
    axes.add_collection(LineCollection(pieces, colors="white", linewidths=_HALO_WIDTH))
    axes.add_collection(LineCollection(pieces, colors="black", linewidths=_CURVE_WIDTH, linestyles=[dashes]))


def _colour_bar(figure: Figure, axes: Axes, heat: HeatMap, cells: ScalarMappable) -> None:
    bar = figure.colorbar(cells, ax=axes, extend=_EXTEND[beyond(heat)], pad=0.02, aspect=24)
    bar.set_label(label_text(heat.value_label))
    bar.outline.set(linewidth=0.5, edgecolor="#777777")
    if heat.threshold is not None:
        bar.ax.axhline(heat.threshold, color="black", linewidth=1.4)
