"""The blocks that are pictures: they share one count, and each has a caption, a label and an alternative text."""

from __future__ import annotations

from reports.document.bars import Bars
from reports.document.charts import Plot
from reports.document.diagrams import Diagram
from reports.document.heatmaps import HeatMap

Chart = Plot | Bars | HeatMap
Figure = Chart | Diagram
CHARTS = (Plot, Bars, HeatMap)
