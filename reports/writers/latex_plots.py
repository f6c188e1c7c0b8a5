"""Plots as self-contained pgfplots, which a reader of the .tex can edit. The preamble has their style."""

from __future__ import annotations

from reports.document.charts import Band, Dash, Marker, Plot, Series, mark_every, visible_band, visible_points
from reports.document.columns import natural_width
from reports.document.inline import InlineLike
from reports.document.ticks import narrow_ticks, position_label
from reports.writers.latex_inline import LatexInline

_AXES = {
    (False, False): "axis",
    (False, True): "semilogyaxis",
    (True, False): "semilogxaxis",
    (True, True): "loglogaxis",
}
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
_LINE_PT = 0.9
NOTHING = r"\node[black!55] at (rel axis cs:0.5,0.5) {no finite values};"


def pgfplot(plot: Plot, inline: LatexInline) -> str:
    """A `tikzpicture` with one axis, its legend at the right."""
    kind = _AXES[plot.log_x, plot.log_y]
    drawn = [series for series in plot.series if visible_points(plot, series)]
    bands = [band for band in plot.bands if visible_band(plot, band)]
    options = [
        "report",
        f"width=\\linewidth-{legend_width([*_names(plot.bands), *_names(plot.series)]):.1f}em",
        f"height={plot.height_mm:g}mm",
        f"xlabel={{{inline(plot.x_label)}}}",
        f"ylabel={{{inline(plot.y_label)}}}",
        *_ticks(plot, inline),
        *([] if drawn or bands else ["xmin=1, xmax=10, ymin=1, ymax=10, xtick=\\empty, ytick=\\empty"]),
    ]
    return "\n".join(
        [
            *(definition("curve", index, series.style.hex) for index, series in enumerate(drawn)),
            *(definition("band", index, band.style.hex) for index, band in enumerate(bands)),
            r"\begin{tikzpicture}",
            rf"\begin{{{kind}}}[{', '.join(options)}]",
            *(_area(plot, band, index, inline) for index, band in enumerate(bands)),
            *(_curve(plot, series, index, inline) for index, series in enumerate(drawn)),
            *([] if drawn or bands else [NOTHING]),
            rf"\end{{{kind}}}",
            r"\end{tikzpicture}",
        ]
    )


def _ticks(plot: Plot, inline: LatexInline) -> list[str]:
    """Those of a short logarithmic axis, which pgfplots would label with powers of ten alone."""
    x = [x for series in plot.series for x, _ in visible_points(plot, series)]
    ticks = narrow_ticks(min(x), max(x)) if plot.log_x and x else []
    labels = ",".join(f"{{{inline(position_label(tick))}}}" for tick in ticks)
    places = ",".join(f"{tick:g}" for tick in ticks)
    return [f"xtick={{{places}}}", f"xticklabels={{{labels}}}", "xminorticks=false"] if ticks else []


def _names(named: tuple[Series, ...] | tuple[Band, ...]) -> list[InlineLike]:
    return [part.name for part in named if part.name]


def legend_width(names: list[InlineLike]) -> float:
    """What a legend with these names takes of the width, in em."""
    return 0.85 * max(map(natural_width, names)) + 4.4 if names else 0.6


def definition(name: str, index: int, colour: str) -> str:
    """A numbered colour."""
    return rf"\definecolor{{{name}{index}}}{{HTML}}{{{colour[1:].upper()}}}"


def entry(name: InlineLike, inline: LatexInline) -> str:
    """The line of the legend, if there is a name."""
    return "\n" + rf"\addlegendentry{{{inline(name)}}}" if name else ""


def _area(plot: Plot, band: Band, index: int, inline: LatexInline) -> str:
    """There and back: the low values, then the high ones in reverse."""
    triples = visible_band(plot, band)
    outline = [(x, low) for x, low, _ in triples] + [(x, high) for x, _, high in reversed(triples)]
    options = ["draw=white, draw opacity=0", "mark=none", f"fill=band{index}", "fill opacity=0.2", "area legend"]
    if not band.name:
        options.append("forget plot")
    return (
        f"\\addplot[{', '.join(options)}] coordinates {{{_coordinates(outline)}}} -- cycle;{entry(band.name, inline)}"
    )


def _curve(plot: Plot, series: Series, index: int, inline: LatexInline) -> str:
    points = visible_points(plot, series)
    alone = len(points) == 1 and series.style.marker == "none"
    options = [
        f"color=curve{index}",
        _DASHES[series.style.dash],
        f"mark={'*' if alone else _MARKS[series.style.marker]}",
        f"mark repeat={mark_every(len(points))}",
    ]
    if series.style.weight != 1.0:
        options.append(f"line width={_LINE_PT * series.style.weight:.2g}pt")
    if not series.name:
        options.append("forget plot")  # a curve without a name stays out of the legend
    return f"\\addplot[{', '.join(options)}] coordinates {{{_coordinates(points)}}};{entry(series.name, inline)}"


def _coordinates(points: list[tuple[float, float]]) -> str:
    return " ".join(f"({x:.6g},{y:.6g})" for x, y in points)
