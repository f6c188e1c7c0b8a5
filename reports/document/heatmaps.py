"""Heat maps as data: a value for each pair of positions, as a colour."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from reports.document.blocks import Block
from reports.document.charts import LARGEST
from reports.document.colours import DIVERGING, SEQUENTIAL, colour_at
from reports.document.inline import InlineLike
from reports.document.polylines import Point, Polyline, clipped, passed

MISSING_NAME = "no value"
_ROUNDING = 1e-6
Segment = tuple[Point, Point]


@dataclass(frozen=True)
class HeatMap(Block):
    """Cells at categorical positions; `values[j][i]` belongs to `x[i]` and `y[j]`, and `y[0]` is at the bottom.

    None and nan are missing cells; what is infinite has the colour of its end of the scale. `centre` is the value
    that is white, with equally long arms on both sides; None gives a scale from the least to the largest value.
    A heavy line parts the cells on either side of `threshold`. `value_label` stands at the colour bar.
    `curve` is a line through points (i, j), where cell (i, j) is the unit square around (i, j); what lies outside
    all cells is cut off. It is dashed where the threshold has a line of its own.
    """

    x: tuple[InlineLike | float, ...]
    y: tuple[InlineLike | float, ...]
    values: tuple[tuple[float | None, ...], ...]
    x_label: InlineLike
    y_label: InlineLike
    value_label: InlineLike
    centre: float | None = 0.0
    threshold: float | None = None
    caption: InlineLike = ()
    label: str | None = None
    alt: str = ""
    height_mm: float = 80.0
    curve: tuple[Point, ...] = ()
    curve_name: InlineLike = ()

    def __post_init__(self) -> None:
        if len(self.curve) == 1:
            raise ValueError("heat map: one point is no curve")
        for number, point in enumerate(self.curve, start=1):
            if not all(map(isfinite, point)):
                raise ValueError(f"heat map: point {number} of the curve is {point}, expected finite numbers")
        if len(self.values) != len(self.y):
            raise ValueError(f"heat map: {len(self.values)} rows of values for {len(self.y)} y positions")
        for number, row in enumerate(self.values, start=1):
            if len(row) != len(self.x):
                raise ValueError(f"heat map: row {number} has {len(row)} values for {len(self.x)} x positions")

    @property
    def stops(self) -> tuple[str, ...]:
        """The colours of the scale, equally far apart."""
        return SEQUENTIAL if self.centre is None else DIVERGING


def present(value: float | None) -> float | None:
    """The value, or None for nan."""
    return None if value is None or value != value else value


def has_missing(heat: HeatMap) -> bool:
    """Whether any cell is missing."""
    return any(present(value) is None for row in heat.values for value in row)


def limits(heat: HeatMap) -> tuple[float, float]:
    """The values at the two ends of the colour scale, which are never equal.

    Differences that may be rounding errors are not blown up into a pattern: the scale is then wide.
    """
    finite = [v for row in heat.values for v in row if v is not None and abs(v) < LARGEST]
    if heat.centre is not None:
        reach = max((abs(v - heat.centre) for v in finite), default=0.0)
        reach = reach if reach > _ROUNDING * abs(heat.centre) else abs(heat.centre) or 1.0
        return heat.centre - reach, heat.centre + reach
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    largest = max(abs(low), abs(high))
    return (low, high) if high - low > _ROUNDING * largest else (low - (largest or 1.0), high + (largest or 1.0))


def beyond(heat: HeatMap) -> tuple[bool, bool]:
    """Whether there are values below and above the ends of the scale: infinities."""
    low, high = limits(heat)
    every = [v for row in heat.values for v in row if present(v) is not None and v is not None]
    return any(v < low for v in every), any(v > high for v in every)


def cell_colour(heat: HeatMap, value: float, ends: tuple[float, float]) -> str:
    """The colour of a value that is present, as `#rrggbb`."""
    low, high = ends
    return colour_at(heat.stops, (min(max(value, low), high) - low) / (high - low))


def boundary(heat: HeatMap) -> list[Segment]:
    """The edges between cells on either side of the threshold; cell (i, j) is the unit square around (i, j).

    Edges in a row are joined. Next to a missing cell there is none, since nothing is known there.
    """
    upright = [
        ((i + 0.5, j - 0.5), (i + 0.5, j + 0.5))
        for i in range(len(heat.x) - 1) for j in range(len(heat.y)) if parted(heat, (i, j), (i + 1, j))
    ]  # fmt: skip
    level = [
        ((i - 0.5, j + 0.5), (i + 0.5, j + 0.5))
        for j in range(len(heat.y) - 1) for i in range(len(heat.x)) if parted(heat, (i, j), (i, j + 1))
    ]  # fmt: skip
    return _joined(upright) + _joined(level)


def parted(heat: HeatMap, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether the threshold lies between two cells (i, j)."""
    values = [present(heat.values[j][i]) for i, j in (one, other)]
    if heat.threshold is None or values[0] is None or values[1] is None:
        return False
    return (values[0] < heat.threshold) != (values[1] < heat.threshold)


def _joined(segments: list[Segment]) -> list[Segment]:
    out: list[Segment] = []
    for start, end in segments:
        if out and out[-1][1] == start:
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def is_dashed(heat: HeatMap) -> bool:
    """Whether the curve has to differ from the line at the threshold."""
    return heat.threshold is not None


def curve_pieces(heat: HeatMap) -> list[Polyline]:
    """What of the curve lies on the cells: one line, or several if it leaves them and comes back."""
    right, top = (max(len(axis), 1) - 0.5 for axis in (heat.x, heat.y))
    return clipped(heat.curve, (-0.5, -0.5), (right, top))


def curve_cells(heat: HeatMap) -> set[tuple[int, int]]:
    """The cells (i, j) that the curve runs through."""
    last = len(heat.x) - 1, len(heat.y) - 1
    return {(min(i, last[0]), min(j, last[1])) for piece in curve_pieces(heat) for i, j in passed(piece)}
