"""Plots as self-contained pgfplots, which a reader of the .tex can edit. The preamble has their style."""

from __future__ import annotations

from reports.document.charts import Dash, Marker, Plot, Series, mark_every, visible_points
from reports.document.columns import natural_width
from reports.writers.latex_inline import LatexInline

_DASHES: dict[Dash, str] = {
    "solid": "solid",
    "dashed": "dash pattern=on 4pt off 2pt",
    "dotted": "dash pattern=on 1pt off 1.6pt",
    "dashdot": "dash pattern=on 5pt off 1.6pt on 1pt off 1.6pt",
}
_MARKS: dict[Marker, str] = {
    "none": "none",
    "circle": "*",
    "square": "square*",
    "triangle": "triangle*",
    "diamond": "diamond*",
    "cross": "x",
}


def pgfplot(plot: Plot, inline: LatexInline) -> str:
    """A `tikzpicture` with one axis, its legend at the right."""
    kind = "semilogyaxis" if plot.log_y else "axis"
    options = [
        "report",
        f"width=\\linewidth-{_legend_width(plot):.1f}em",
        f"height={plot.height_mm:g}mm",
        f"xlabel={{{inline(plot.x_label)}}}",
        f"ylabel={{{inline(plot.y_label)}}}",
    ]
    drawn = [series for series in plot.series if visible_points(plot, series)]
    return "\n".join(
        [
            *(_colour(index, series) for index, series in enumerate(drawn)),
            r"\begin{tikzpicture}",
            rf"\begin{{{kind}}}[{', '.join(options)}]",
            *(_curve(plot, series, index, inline) for index, series in enumerate(drawn)),
            rf"\end{{{kind}}}",
            r"\end{tikzpicture}",
        ]
    )


def _legend_width(plot: Plot) -> float:
    return 0.85 * max((natural_width(series.name) for series in plot.series), default=0.0) + 4.4


def _colour(index: int, series: Series) -> str:
    return rf"\definecolor{{curve{index}}}{{HTML}}{{{series.style.hex[1:].upper()}}}"


def _curve(plot: Plot, series: Series, index: int, inline: LatexInline) -> str:
    points = visible_points(plot, series)
    coordinates = " ".join(f"({x:.6g},{y:.6g})" for x, y in points)
    options = [
        f"color=curve{index}",
        _DASHES[series.style.dash],
        f"mark={_MARKS[series.style.marker]}",
        f"mark repeat={mark_every(len(points))}",
    ]
    if not series.name:
        options.append("forget plot")  # a curve without a name stays out of the legend
    name = "\n" + rf"\addlegendentry{{{inline(series.name)}}}" if series.name else ""
    return f"\\addplot[{', '.join(options)}] coordinates {{{coordinates}}};{name}"
