"""The blocks that are pictures: they share one count, and each has a caption, a label and an alternative text."""

from __future__ import annotations

from reports.document.bars import Bars
from reports.document.charts import Plot
from reports.document.diagrams import Diagram
from reports.document.heatmaps import HeatMap
from reports.document.triangles import Triangles

Chart = Plot | Bars | HeatMap | Triangles
Figure = Chart | Diagram
CHARTS = (Plot, Bars, HeatMap, Triangles)
