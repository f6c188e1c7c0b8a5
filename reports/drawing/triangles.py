"""Panels of weights by Matplotlib, placed in millimetres on one sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.document.columns import natural_width
from reports.document.inline import InlineLike, as_inline
from reports.document.panels import Panel, key, number_ink, staircase
from reports.document.ticks import position_label
from reports.document.triangle_sheet import (
    KEY_MM,
    LABEL_PT,
    LINE_MM,
    TITLE_GAP_MM,
    TITLE_PT,
    WIDTH_MM,
    labelled_steps,
    number_in,
    number_pt,
    sheet,
)
from reports.document.triangles import CUT_NAME, KEY_NAME, Triangles, cell_colour, has_cuts
from reports.drawing.labels import label_text
from reports.drawing.sheet import MM_PER_INCH
from reports.formula.tree import Atom, Formula

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_EDGE: Any = {"edgecolor": "#999999", "linewidth": 0.3}
_CUT: Any = {"color": "black", "linewidth": 1.5, "solid_capstyle": "butt", "solid_joinstyle": "miter"}
_LABEL_MM = 1.0
_LATE, _EARLY = Atom("t"), Atom("i")
Place = tuple[float, float]


def draw_triangles(triangles: Triangles, figure: Figure) -> None:
    """The panels on an empty figure, which is made as high as they are."""
    places = sheet(triangles.panels, _printed_width)
    figure.set_layout_engine("none")  # it would look for subplots
    figure.set_figheight(places.height_mm / MM_PER_INCH)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0.0, WIDTH_MM), ylim=(places.height_mm, 0.0))
    axes.set_axis_off()
    for panel, lines, place in zip(triangles.panels, places.titles, places.places, strict=True):
        _cells(axes, triangles, panel, place, places.cell_mm)
        _steps(axes, panel, place, places.cell_mm)
        _title(axes, lines, (place[0] + panel.steps * places.cell_mm / 2, place[1] - TITLE_GAP_MM))
        corners = [_at(place, corner, places.cell_mm) for corner in staircase(panel)]
        axes.plot([x for x, _ in corners], [y for _, y in corners], **_CUT)
    _key(axes, triangles, places.height_mm)


def _printed_width(inline: InlineLike) -> float:
    """In em: a letter that no font has is printed as its code point, which is wider."""
    parts = as_inline(inline)
    return sum(natural_width(part if isinstance(part, Formula) else label_text(part)) for part in parts)


def _at(origin: Place, corner: Place, cell_mm: float) -> Place:
    """The place of a (column, row) in millimetres."""
    return origin[0] + corner[0] * cell_mm, origin[1] + corner[1] * cell_mm


def _cells(axes: Axes, triangles: Triangles, panel: Panel, place: Place, cell_mm: float) -> None:
    from matplotlib.patches import Rectangle

    for t, row in enumerate(panel.weights):
        for i, weight in enumerate(row):
            colour, number = cell_colour(triangles, weight), number_in(weight, cell_mm)
            axes.add_patch(Rectangle(_at(place, (i, t), cell_mm), cell_mm, cell_mm, facecolor=colour, **_EDGE))
            if number:
                style: Any = {"color": number_ink(colour), "fontsize": number_pt(cell_mm)}
                axes.text(*_at(place, (i + 0.5, t + 0.5), cell_mm), number, ha="center", va="center_baseline", **style)


def _steps(axes: Axes, panel: Panel, place: Place, cell_mm: float) -> None:
    """The late steps at the left and the early ones below, with their names at the ends."""
    left, foot = place[0] - _LABEL_MM, place[1] + panel.steps * cell_mm + _LABEL_MM + 1.8
    late: Any = {"fontsize": LABEL_PT, "ha": "right"}
    for step in labelled_steps(panel.steps, cell_mm):
        across, down = _at(place, (step - 0.5, step - 0.5), cell_mm)
        axes.text(left, down, str(step), va="center_baseline", **late)
        axes.text(across, foot, str(step), fontsize=LABEL_PT, ha="center", va="baseline")
    axes.text(left, place[1] - _LABEL_MM, label_text(_LATE), va="baseline", **late)
    right = place[0] + panel.steps * cell_mm + _LABEL_MM
    axes.text(right, foot, label_text(_EARLY), fontsize=LABEL_PT, ha="left", va="baseline")


def _title(axes: Axes, lines: tuple[InlineLike, ...], foot: Place) -> None:
    """Line by line, the last one on the given place."""
    for n, line in enumerate(reversed(lines)):
        axes.text(foot[0], foot[1] - n * LINE_MM, label_text(line), fontsize=TITLE_PT, ha="center", va="baseline")


def _key(axes: Axes, triangles: Triangles, height_mm: float) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Artist] = [Line2D([], [], linestyle="none", label=KEY_NAME)]
    for weight in key(triangles.panels):
        name = label_text(position_label(weight))
        handles.append(Patch(facecolor=cell_colour(triangles, weight), label=name, **_EDGE))
    if has_cuts(triangles):
        handles.append(Line2D([], [], label=CUT_NAME, **_CUT))
    place: Any = {"loc": "center", "bbox_to_anchor": (0.5, KEY_MM / 2 / height_mm), "borderaxespad": 0.0}
    axes.legend(
        handles=handles,
        ncols=len(handles),
        frameon=False,
        handlelength=0.9,
        handletextpad=0.5,
        columnspacing=1.2,
        **place,
    )
