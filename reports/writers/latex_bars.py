"""Stacked bars as self-contained pgfplots: the values stand in the source, pgfplots stacks them."""

from __future__ import annotations

from reports.document.bars import Bars, BarSeries, Hatch, is_empty, pieces, shown, totals
from reports.document.columns import LINE_EM
from reports.writers.latex_inline import LatexInline
from reports.writers.latex_places import places_across
from reports.writers.latex_plots import NOTHING, definition, entry, legend_width

_HATCHES: dict[Hatch, str] = {
    "none": "",
    "slash": "north east lines",
    "backslash": "north west lines",
    "cross": "crosshatch",
    "dots": "crosshatch dots",
    "lines": "horizontal lines",
}
_BAR_WIDTH = 0.72
_AXIS_EM = 4.0


def pgf_bars(bars: Bars, inline: LatexInline) -> str:
    """A `tikzpicture` with one axis, its legend at the right."""
    used = [index for index, part in enumerate(bars.series) if any(map(shown, part.values))]
    legend = legend_width([name for name in (*(part.name for part in bars.series), bars.total) if name])
    return "\n".join(
        [
            *(definition("part", index, bars.style(index).hex) for index in used),
            r"\begin{tikzpicture}",
            rf"\begin{{axis}}[{', '.join(_options(bars, legend, inline))}]",
            *(_part(bars, index, inline) for index in used),
            *(_marks(bars, inline) if bars.total else []),
            *([NOTHING] if is_empty(bars) else []),
            r"\end{axis}",
            r"\end{tikzpicture}",
        ]
    )


def _options(bars: Bars, legend: float, inline: LatexInline) -> list[str]:
    count = max(len(bars.categories), 1)
    return [
        "report",
        "ybar stacked",
        "stack negative=separate",
        f"bar width={_BAR_WIDTH}",
        f"width=\\linewidth-{legend:.1f}em",
        f"height={bars.height_mm:g}mm",
        f"xmin=-0.6, xmax={count - 0.4:.1f}",
        "enlarge x limits=false",
        *places_across(bars.categories, LINE_EM - legend - _AXIS_EM, inline),
        "xtick style={draw=none}, xmajorgrids=false, axis on top=false",
        *_limits(bars),
        f"xlabel={{{inline(bars.category_label)}}}",
        f"ylabel={{{inline(bars.value_label)}}}",
        r"extra y ticks={0}, extra y tick labels={}, extra y tick style={grid style={black!80, line width=0.5pt}}",
    ]


def _limits(bars: Bars) -> list[str]:
    """Zero is an edge of the picture where all parts have one sign."""
    ends = [piece.end for piece in pieces(bars)]
    if not ends:
        return [r"ymin=0, ymax=1" + (r", ytick=\empty" if is_empty(bars) else "")]
    return ["ymin=0"] * (min(ends) > 0) + ["ymax=0"] * (max(ends) < 0)


def _part(bars: Bars, index: int, inline: LatexInline) -> str:
    part: BarSeries = bars.series[index]
    hatch = _HATCHES[bars.style(index).hatch]
    options = [
        f"fill=part{index}",
        "draw=white, line width=0.3pt, area legend",
        *([f"postaction={{pattern={hatch}, pattern color=white}}"] if hatch else []),
    ]
    heights = " ".join(f"({n},{shown(value) or 0:.6g})" for n, value in enumerate(part.values))
    return f"\\addplot[{', '.join(options)}] coordinates {{{heights}}};{entry(part.name, inline)}"


def _marks(bars: Bars, inline: LatexInline) -> list[str]:
    found = [(n, total) for n, total in enumerate(totals(bars)) if total is not None]
    mark = "mark=square*, mark size=1.7pt, mark options={rotate=45, fill=black, draw=white}"
    options = f"only marks, stack plots=false, {mark}, line legend"
    heights = " ".join(f"({n},{total:.6g})" for n, total in found)
    return [f"\\addplot[{options}] coordinates {{{heights}}};{entry(bars.total, inline)}"] if found else []
