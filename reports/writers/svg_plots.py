"""Plots as SVG by Matplotlib: letters as outlines, no date, a fixed salt: the same plot, the same bytes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from reports.document.charts import Dash, Marker, Plot, Series, mark_every, visible_points
from reports.document.inline import Cite, InlineLike, Ref, as_inline
from reports.formula.to_latex import latex
from reports.formula.to_text import text
from reports.formula.tree import Formula

if TYPE_CHECKING:
    from matplotlib.axes import Axes

WIDTH_MM = 150.0
_SETTINGS: Any = {
    "svg.fonttype": "path", "svg.hashsalt": "bptt", "font.family": "serif", "font.serif": ["cmr10"],
    "mathtext.fontset": "cm", "axes.formatter.use_mathtext": True, "axes.unicode_minus": False,
    "font.size": 10, "axes.labelsize": 10, "xtick.labelsize": 9, "ytick.labelsize": 9, "legend.fontsize": 9,
    "axes.linewidth": 0.5, "axes.edgecolor": "#777777", "xtick.color": "#333333", "ytick.color": "#333333",
}  # fmt: skip
_DASHES: dict[Dash, Any] = {
    "solid": "-", "dashed": (0, (4, 2)), "dotted": (0, (1, 1.6)), "dashdot": (0, (5, 1.6, 1, 1.6)),
}  # fmt: skip
_MATHTEXT = {
    r"\mathopen{}\left": "",
    r"\right": "",
    r"\mathclose{}": "",
    r"\lVert": r"\Vert",
    r"\rVert": r"\Vert",
}
_MARKS: dict[Marker, str] = {
    "none": "",
    "circle": "o",
    "square": "s",
    "triangle": "^",
    "diamond": "D",
    "cross": "x",
}


def svg_plot(plot: Plot) -> bytes:
    """The plot as a stand-alone SVG file."""
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(WIDTH_MM / 25.4, plot.height_mm / 25.4), layout="constrained")
        FigureCanvasSVG(figure)
        _draw(figure.subplots(), plot)
        out = BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _draw(axes: Axes, plot: Plot) -> None:
    for series in plot.series:
        _curve(axes, plot, series)
    if plot.log_y:
        axes.set_yscale("log")
    axes.set_xlabel(mathtext(plot.x_label))
    axes.set_ylabel(mathtext(plot.y_label))
    axes.grid(True, color="#e4e4e4", linewidth=0.5)
    axes.margins(x=0.02)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1.02), borderaxespad=0, handlelength=2.4)


def _curve(axes: Axes, plot: Plot, series: Series) -> None:
    points = visible_points(plot, series)
    axes.plot(
        [x for x, _ in points], [y for _, y in points],
        color=series.style.hex, linewidth=1.1, linestyle=_DASHES[series.style.dash],
        marker=_MARKS[series.style.marker], markersize=3.4, markevery=mark_every(len(points)),
        label=mathtext(series.name),
    )  # fmt: skip


def mathtext(inline: InlineLike) -> str:
    """Running text with formulas in Matplotlib's notation; what it cannot parse is Unicode text."""
    return "".join(_part(part) for part in as_inline(inline))


def _part(part: object) -> str:
    if isinstance(part, Formula):
        return _formula(part)
    shown = "" if isinstance(part, Ref | Cite) else part if isinstance(part, str) else str(getattr(part, "text", ""))
    return shown.replace("$", r"\$")


def _formula(formula: Formula) -> str:
    from matplotlib.mathtext import MathTextParser

    source = latex(formula, colour=False)
    for command, plain in _MATHTEXT.items():
        source = source.replace(command, plain)
    try:
        MathTextParser("path").parse(f"${source}$")
    except ValueError:
        return text(formula).replace("$", r"\$")
    return f"${source}$"
