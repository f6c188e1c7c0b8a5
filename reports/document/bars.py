"""Stacked bars as data: what of a value comes from where. Parts differ by colour *and* hatch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reports.document.blocks import Block
from reports.document.charts import LARGEST
from reports.document.colours import ink
from reports.document.inline import InlineLike

Hatch = Literal["none", "slash", "backslash", "cross", "dots", "lines"]


@dataclass(frozen=True)
class BarStyle:
    """A role name or `#rrggbb` colour, and the white hatch over it."""

    colour: str
    hatch: Hatch = "none"

    @property
    def hex(self) -> str:
        """The colour as `#rrggbb`."""
        return ink(self.colour)


_CYCLE: tuple[BarStyle, ...] = (
    BarStyle("#0b5fa5", "none"),
    BarStyle("#c96a15", "slash"),
    BarStyle("#1b7f3b", "dots"),
    BarStyle("#7a5195", "backslash"),
    BarStyle("#4d4d4d", "cross"),
    BarStyle("#b3261e", "lines"),
)


def bar_style(index: int) -> BarStyle:
    """The index-th of the styles that can be told apart."""
    return _CYCLE[index % len(_CYCLE)]


@dataclass(frozen=True)
class BarSeries:
    """One part of every bar; None, nan and infinities are missing and leave no trace in the stack."""

    name: InlineLike
    values: tuple[float | None, ...]
    style: BarStyle | None = None


@dataclass(frozen=True)
class Bars(Block):
    """Bars of stacked parts, one bar a category; negative parts stack downwards from zero.

    `total` names a mark at the sum of each bar's parts, which is worth showing where signs differ; without a
    name there is none. `category_label` says what the categories are.
    """

    categories: tuple[InlineLike | float, ...]
    series: tuple[BarSeries, ...]
    value_label: InlineLike
    category_label: InlineLike = ()
    total: InlineLike = ()
    caption: InlineLike = ()
    label: str | None = None
    alt: str = ""
    height_mm: float = 62.0

    def __post_init__(self) -> None:
        for part in self.series:
            if len(part.values) != len(self.categories):
                found = f"{len(part.values)} values for {len(self.categories)} categories"
                raise ValueError(f"part {part.name!r} of the bars: {found}")

    def style(self, index: int) -> BarStyle:
        """The style of the index-th part: its own, or the index-th of those that can be told apart."""
        return self.series[index].style or bar_style(index)


@dataclass(frozen=True)
class Piece:
    """One part of one bar, from `start` (nearer to zero) to `end`."""

    category: int
    series: int
    start: float
    end: float


def shown(value: float | None) -> float | None:
    """The value, or None if it cannot be drawn."""
    return value if value is not None and abs(value) < LARGEST else None


def pieces(bars: Bars) -> list[Piece]:
    """Every part that can be drawn and has a height, series by series."""
    ends: dict[tuple[int, bool], float] = {}
    found = []
    for index, part in enumerate(bars.series):
        for category, value in enumerate(map(shown, part.values)):
            if value:
                start = ends.get((category, value > 0), 0.0)
                ends[category, value > 0] = start + value
                found.append(Piece(category, index, start, start + value))
    return found


def totals(bars: Bars) -> list[float | None]:
    """The sum of the parts of each bar; None where all are missing."""
    columns = [[shown(part.values[n]) for part in bars.series] for n in range(len(bars.categories))]
    present = [[value for value in column if value is not None] for column in columns]
    return [sum(values) if values else None for values in present]


def is_empty(bars: Bars) -> bool:
    """Whether no part of any bar has a value."""
    return all(total is None for total in totals(bars))
