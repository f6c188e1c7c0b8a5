"""Heat maps as self-contained pgfplots: a painted rectangle for each cell, and the scale as a colour map."""

from __future__ import annotations

from reports.document.colours import rgb
from reports.document.columns import LINE_EM
from reports.document.heatmaps import (
    MISSING_NAME,
    HeatMap,
    boundary,
    cell_colour,
    curve_pieces,
    is_dashed,
    limits,
    present,
)
from reports.document.ticks import spread, widest
from reports.writers.latex_inline import LatexInline
from reports.writers.latex_places import FONT, places, places_across
from reports.writers.latex_plots import entry

_SIDES_EM, _FOOT_MM, _LABEL_MM = 9.0, 18.0, 5.0
_BAR_EM, _USUAL_EM = 5.0, 1.2  # the colour bar with its labels, the labels at the left
_HATCHED = "fill=black!10, postaction={pattern=north east lines, pattern color=black!25}"
_LINE = "line width=1.2pt, line cap=rect"
_CURVE = {False: "line width=1.4pt, line join=round", True: "line width=1.4pt, dash pattern=on 4pt off 2.5pt"}
_HALO = "white, line width=2.8pt, line join=round"  # a curve is seen on dark cells too

# Thousands of cells: the basic layer of pgf is ten times as fast as TikZ, and matrix plots run out of memory.
HEAT_MAP_PREAMBLE = r"""% \heat{left}{bottom}{right}{top}{RRGGBB} is a cell, in the units of the axis.
\newcommand{\heatcells}[1]{\pgfplotsextra{\begingroup\pgftransformshift{\pgfplotspointaxisxy{0}{0}}%
  \pgfsetxvec{\pgfplotspointaxisdirectionxy{1}{0}}\pgfsetyvec{\pgfplotspointaxisdirectionxy{0}{1}}#1\endgroup}}
\newcommand*{\heat}[5]{\definecolor{here}{HTML}{#5}\pgfsetfillcolor{here}%
  \pgfpathrectanglecorners{\pgfpointxy{#1}{#2}}{\pgfpointxy{#3}{#4}}\pgfusepathqfill}"""


def pgf_heat_map(heat: HeatMap, inline: LatexInline) -> str:
    """A `tikzpicture` with one axis and its colour bar at the right."""
    return "\n".join(
        [
            r"\begin{tikzpicture}",
            rf"\begin{{axis}}[{', '.join(_options(heat, inline))}]",
            r"\heatcells{%",
            *_cells(heat),
            "}",
            *_missing(heat, inline),
            *_edges(heat),
            *_curve(heat, inline),
            r"\end{axis}",
            r"\end{tikzpicture}",
        ]
    )


def _options(heat: HeatMap, inline: LatexInline) -> list[str]:
    low, high = limits(heat)
    stops = " ".join(f"rgb255=({','.join(map(str, rgb(stop)))})" for stop in heat.stops)
    return [
        "report",
        f"width=\\linewidth-{_BAR_EM + _beyond_usual(heat):.1f}em",
        f"height={heat.height_mm:g}mm",
        "grid=none, axis on top, tick align=outside, tick pos=left, enlarge x limits=false",
        f"xmin=-0.5, xmax={max(len(heat.x), 1) - 0.5}, ymin=-0.5, ymax={max(len(heat.y), 1) - 0.5}",
        *places_across(heat.x, LINE_EM - _SIDES_EM, inline),
        *places("y", heat.y, spread(heat.y, int((heat.height_mm - _FOOT_MM) / _LABEL_MM)), inline),
        f"xlabel={{{inline(heat.x_label)}}}",
        f"ylabel={{{inline(heat.y_label)}}}",
        "legend style={at={(1,1.01)}, anchor=south east, legend columns=-1, /tikz/every even column/.append style="
        "{column sep=1em}}",
        f"colormap={{scale}}{{{stops}}}",
        f"point meta min={low:.6g}, point meta max={high:.6g}",
        f"colorbar, colorbar style={{{_bar(heat, inline)}}}",
    ]


def _beyond_usual(heat: HeatMap) -> float:
    """How much wider, in em, the labels at the left are than those that pgfplots makes room for."""
    return max(0.0, FONT * widest(heat.y) - _USUAL_EM)


def _bar(heat: HeatMap, inline: LatexInline) -> str:
    """The threshold is a heavy line across the bar."""
    options = [f"ylabel={{{inline(heat.value_label)}}}", "width=0.9em", "axis on top"]
    if heat.threshold is not None:
        heavy = "grid=major, grid style={black, line width=1.2pt}, major tick length=0pt"
        at = f"extra y ticks={{{heat.threshold:.6g}}}, extra y tick labels={{}}"
        options.append(f"{at}, extra y tick style={{{heavy}}}")
    return ", ".join(options)


def _cells(heat: HeatMap) -> list[str]:
    """A rectangle for each cell; it reaches under those to the right and above, so that no seam is seen."""
    ends = limits(heat)
    return [
        rf"\heat{{{i - 0.5}}}{{{j - 0.5}}}{{{_until(i, len(heat.x))}}}{{{_until(j, len(heat.y))}}}"
        rf"{{{cell_colour(heat, value, ends)[1:].upper()}}}"
        for j, row in enumerate(heat.values) for i, v in enumerate(row) if (value := present(v)) is not None
    ]  # fmt: skip


def _until(place: int, count: int) -> str:
    return f"{place + (0.5 if place == count - 1 else 0.55):g}"


def _missing(heat: HeatMap, inline: LatexInline) -> list[str]:
    cells = [(i, j) for j, row in enumerate(heat.values) for i, v in enumerate(row) if present(v) is None]
    key = [rf"\addlegendimage{{area legend, draw=white, {_HATCHED}}}{entry(MISSING_NAME, inline)}"] if cells else []
    return key + [
        rf"\path[{_HATCHED}] (axis cs:{i - 0.5},{j - 0.5}) rectangle (axis cs:{i + 0.5},{j + 0.5});" for i, j in cells
    ]


def _edges(heat: HeatMap) -> list[str]:
    return [rf"\draw[{_LINE}] (axis cs:{x0},{y0}) -- (axis cs:{x1},{y1});" for (x0, y0), (x1, y1) in boundary(heat)]


def _curve(heat: HeatMap, inline: LatexInline) -> list[str]:
    pen = _CURVE[is_dashed(heat)]
    paths = [" -- ".join(f"(axis cs:{x:.5g},{y:.5g})" for x, y in piece) for piece in curve_pieces(heat)]
    named = paths and heat.curve_name
    key = [rf"\addlegendimage{{line legend, black, {pen}}}{entry(heat.curve_name, inline)}"] if named else []
    return key + [rf"\draw[{style}] {path};" for path in paths for style in (_HALO, pen)]
