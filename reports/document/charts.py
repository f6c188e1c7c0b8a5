"""Line plots as data. Series differ by colour *and* dash *and* marker, so that grey print is readable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from reports.document.blocks import Block
from reports.document.colours import ink
from reports.document.inline import InlineLike

Dash = Literal["solid", "dashed", "dotted", "dashdot"]
Marker = Literal["none", "circle", "square", "triangle", "diamond", "cross"]

LARGEST = 1e300  # what is larger is not drawn: it may stand for infinity, and sums of it overflow
_THIN = 0.4


@dataclass(frozen=True)
class SeriesStyle:
    """A role name or `#rrggbb` colour, a dash, a marker, and the thickness as a multiple of the usual one."""

    colour: str = "local"
    dash: Dash = "solid"
    marker: Marker = "none"
    weight: float = 1.0

    @property
    def hex(self) -> str:
        """The colour as `#rrggbb`."""
        return ink(self.colour)


@dataclass(frozen=True)
class Series:
    """One curve; without a name it stays out of the legend."""

    name: InlineLike
    x: tuple[float, ...]
    y: tuple[float, ...]
    style: SeriesStyle = field(default_factory=SeriesStyle)

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise ValueError(f"series {self.name!r}: {len(self.x)} x values but {len(self.y)} y values")


@dataclass(frozen=True)
class Band:
    """A translucent area between `low` and `high`, behind the curves: how far they scatter over a batch."""

    x: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    style: SeriesStyle = field(default_factory=SeriesStyle)
    name: InlineLike = ()

    def __post_init__(self) -> None:
        if not len(self.x) == len(self.low) == len(self.high):
            counts = f"{len(self.x)} x values but {len(self.low)} low and {len(self.high)} high ones"
            raise ValueError(f"band {self.name!r}: {counts}")


@dataclass(frozen=True)
class Plot(Block):
    """A plot of several curves, with a caption and an alternative text."""

    series: tuple[Series, ...]
    x_label: InlineLike
    y_label: InlineLike
    log_y: bool = False
    caption: InlineLike = ()
    label: str | None = None
    alt: str = ""
    height_mm: float = 62.0
    log_x: bool = False
    bands: tuple[Band, ...] = ()


_CYCLE: tuple[tuple[str, Dash, Marker], ...] = (
    ("#0b5fa5", "solid", "circle"),
    ("#b3261e", "solid", "square"),
    ("#1b7f3b", "solid", "triangle"),
    ("#7a5195", "solid", "diamond"),
    ("#4d4d4d", "solid", "cross"),
    ("#a05a00", "dashdot", "circle"),
)


def style(index: int, dash: Dash | None = None, marker: Marker | None = None) -> SeriesStyle:
    """The index-th of the styles that can be told apart, with its dash or marker replaced if asked."""
    colour, own_dash, own_marker = _CYCLE[index % len(_CYCLE)]
    return SeriesStyle(colour, dash or own_dash, own_marker if marker is None else marker)


def fan(
    name: InlineLike, x: Sequence[float], curves: Iterable[Sequence[float]], colour: str = "local"
) -> tuple[Series, ...]:
    """Many thin curves of one kind over the same x; the first has the name of all."""
    thin = SeriesStyle(colour, weight=_THIN)
    return tuple(Series(() if n else name, tuple(x), tuple(y), thin) for n, y in enumerate(curves))


def visible_points(plot: Plot, series: Series) -> list[tuple[float, float]]:
    """The points that can be drawn: finite, and positive on a logarithmic axis."""
    finite = [(x, y) for x, y in zip(series.x, series.y, strict=True) if abs(x) < LARGEST and abs(y) < LARGEST]
    return [(x, y) for x, y in finite if (y > 0 or not plot.log_y) and (x > 0 or not plot.log_x)]


def visible_band(plot: Plot, band: Band) -> list[tuple[float, float, float]]:
    """The (x, low, high) that can be drawn; on a logarithmic axis a `low` that is not positive is cut off.

    It is cut at the lowest point of the plot, since the area goes on below it.
    """
    triples = zip(band.x, band.low, band.high, strict=True)
    finite = [(x, *sorted((low, high))) for x, low, high in triples if all(abs(v) < LARGEST for v in (x, low, high))]
    shown = [(x, low, high) for x, low, high in finite if (high > 0 or not plot.log_y) and (x > 0 or not plot.log_x)]
    floor = _lowest(plot, [value for _, *pair in shown for value in pair]) if plot.log_y else None
    return [(x, low if floor is None else max(low, floor), high) for x, low, high in shown]


def _lowest(plot: Plot, more: list[float]) -> float:
    drawn = [y for series in plot.series for _, y in visible_points(plot, series)]
    return min((value for value in [*drawn, *more] if value > 0), default=1.0)


def mark_every(count: int) -> int:
    """Roughly ten markers on a curve, however many points it has."""
    return max(1, count // 10)
