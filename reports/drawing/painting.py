"""A chart as a file by Matplotlib: letters as outlines, no date, a fixed salt: the same chart, the same bytes."""

from __future__ import annotations

from functools import singledispatch
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from reports.document.bars import Bars
from reports.document.blocks import Block
from reports.document.charts import Plot
from reports.document.figures import Chart
from reports.document.heatmaps import HeatMap
from reports.document.triangles import Triangles
from reports.drawing.bars import draw_bars
from reports.drawing.heatmaps import draw_heat_map
from reports.drawing.labels import families
from reports.drawing.plots import draw_plot
from reports.drawing.sheet import MM_PER_INCH, WIDTH_MM
from reports.drawing.triangles import draw_triangles

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FileFormat = Literal["svg", "png"]
_SETTINGS: Any = {
    "svg.fonttype": "path", "svg.hashsalt": "bptt", "mathtext.fontset": "cm", "axes.formatter.use_mathtext": True,
    "axes.unicode_minus": False, "font.size": 10, "axes.labelsize": 10, "xtick.labelsize": 9, "ytick.labelsize": 9,
    "legend.fontsize": 9, "axes.linewidth": 0.5, "axes.edgecolor": "#777777", "xtick.color": "#333333",
    "ytick.color": "#333333", "hatch.linewidth": 0.8,
}  # fmt: skip
_METADATA: dict[FileFormat, Any] = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}
_PIXELS_IN_SVG = 300.0


@singledispatch
def draw(block: Block, figure: Figure) -> None:
    """Draw a chart on an empty figure. Raises TypeError for a block that is no chart."""
    raise TypeError(f"no drawing of {type(block).__name__}")


draw.register(Plot, draw_plot)
draw.register(Bars, draw_bars)
draw.register(HeatMap, draw_heat_map)
draw.register(Triangles, draw_triangles)


def painted(chart: Chart, file_format: FileFormat, dpi: float = _PIXELS_IN_SVG) -> bytes:
    """The chart as an SVG or PNG file, 150 mm wide; `dpi` is the resolution of what is made of pixels."""
    import numpy as np
    from matplotlib import style
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    settings = {**_SETTINGS, "font.family": families()}
    with style.context(["default", settings]), np.errstate(over="ignore"):  # ticks beyond the largest number
        size = (WIDTH_MM / MM_PER_INCH, chart.height_mm / MM_PER_INCH)
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasAgg(figure)
        draw(chart, figure)
        out = BytesIO()
        figure.savefig(out, format=file_format, dpi=dpi, metadata=_METADATA[file_format])
    return out.getvalue()
