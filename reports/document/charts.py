"""Line plots as data. Series differ by colour *and* dash *and* marker, so that grey print is readable."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from reports.document.blocks import Block
from reports.document.inline import InlineLike
from reports.formula.symbols import ROLES

Dash = Literal["solid", "dashed", "dotted", "dashdot"]
Marker = Literal["none", "circle", "square", "triangle", "diamond", "cross"]


@dataclass(frozen=True)
class SeriesStyle:
    """A role name or `#rrggbb` colour, a dash and a marker."""

    colour: str = "local"
    dash: Dash = "solid"
    marker: Marker = "none"

    @property
    def hex(self) -> str:
        """The colour as `#rrggbb`."""
        return ROLES[self.colour].colour if self.colour in ROLES else self.colour


@dataclass(frozen=True)
class Series:
    """One named curve."""

    name: InlineLike
    x: tuple[float, ...]
    y: tuple[float, ...]
    style: SeriesStyle = field(default_factory=SeriesStyle)

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise ValueError(f"series {self.name!r}: {len(self.x)} x values but {len(self.y)} y values")


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


def visible_points(plot: Plot, series: Series) -> list[tuple[float, float]]:
    """The points that can be drawn: finite, and positive on a logarithmic axis."""
    finite = [(x, y) for x, y in zip(series.x, series.y, strict=True) if abs(x) < 1e300 and abs(y) < 1e300]
    return [(x, y) for x, y in finite if y > 0 or not plot.log_y]


def mark_every(count: int) -> int:
    """Roughly ten markers on a curve, however many points it has."""
    return max(1, count // 10)
