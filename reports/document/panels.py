"""Truncations as data: the weight that a strategy puts on every term of the double sum over t and i ≤ t."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from reports.document.charts import LARGEST
from reports.document.colours import DIVERGING, colour_at, rgb
from reports.document.inline import InlineLike

MOST_STEPS = 16
_ONE = colour_at(DIVERGING, 5 / 16)
_ABOVE = (_ONE, DIVERGING[1], DIVERGING[0])  # the blue arm, which grows darker throughout
_BELOW = ("#eef4fa", _ONE)
_EMPTY = "#ffffff"
_LEAST_REACH = 2.0  # a largest weight of 1.01 is not dark
_ROUNDING = 1e-9
Corner = tuple[int, int]


@dataclass(frozen=True)
class Panel:
    """One strategy: `weights[t - 1][i - 1]` is its weight of the term (t, i), for i ≤ t.

    `cuts` are the steps after which the state is detached, each before the last one. Raises ValueError for ragged
    weights, for one that is negative or not finite, and for a cut that parts no two steps.
    """

    title: InlineLike
    weights: tuple[tuple[float, ...], ...]
    cuts: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 1 <= self.steps <= MOST_STEPS:
            raise ValueError(f"panel {self.title!r}: {self.steps} steps, expected 1 to {MOST_STEPS}")
        for t, row in enumerate(self.weights, start=1):
            if len(row) != t:
                raise ValueError(f"panel {self.title!r}: row {t} has {len(row)} weights, expected {t}")
            for i, weight in enumerate(row, start=1):
                if not 0 <= weight < LARGEST:
                    raise ValueError(f"panel {self.title!r}: w({t}, {i}) is {weight}, expected a number from 0 on")
        for cut in self.cuts:
            if not 1 <= cut < self.steps:
                raise ValueError(f"panel {self.title!r}: a cut after step {cut} of {self.steps} parts no two steps")

    @property
    def steps(self) -> int:
        """T."""
        return len(self.weights)


def is_one(weight: float) -> bool:
    """Whether a weight is 1, rounding errors of a product of probabilities apart."""
    return abs(weight - 1) < _ROUNDING


def weight_colour(weight: float, largest: float) -> str:
    """The colour of a cell as `#rrggbb`; above 1 by the logarithm, since weights are products."""
    if weight == 0:
        return _EMPTY
    if weight < 1 or is_one(weight):
        return colour_at(_BELOW, weight)
    return colour_at(_ABOVE, log(weight) / log(max(_LEAST_REACH, largest)))


def number_ink(colour: str) -> str:
    """Black or white, whichever has more contrast with the cell: the relative luminance of WCAG 2.2 says so."""
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (part / 255 for part in rgb(colour))]
    luminance = sum(share * v for share, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "black" if (luminance + 0.05) ** 2 > 1.05 * 0.05 else "white"


def weight_text(weight: float, digits: int = 3) -> str:
    """A weight that is neither 0 nor 1 with about so many digits, else nothing; never "1", which it is not."""
    if weight == 0 or is_one(weight):
        return ""
    if weight < 1 or weight >= 10**digits:
        return f"{weight:.{digits - 1 if weight < 1 else 0}f}"
    shown = f"{weight:.{digits}g}"
    return "1.0" if shown == "1" else shown


def staircase(panel: Panel) -> list[Corner]:
    """The corners (column border, row border) of the line that parts what the cuts leave from what they take.

    Along the top of what the first cut takes, then down to the row of the next one, and so on to the foot: below
    and at the left of it nothing reaches a loss. Nothing without a cut.
    """
    cuts = sorted(set(panel.cuts))
    if not cuts:
        return []
    down = zip(cuts, [*cuts[1:], panel.steps], strict=True)
    return [(0, cuts[0]), *(corner for cut, end in down for corner in ((cut, cut), (cut, end)))]


def every_weight(panels: Sequence[Panel]) -> list[float]:
    """The weights of all panels."""
    return [weight for panel in panels for row in panel.weights for weight in row]


def key(panels: Sequence[Panel]) -> list[float]:
    """The weights whose colours a reader has to know: 0, 1, and the ends of what lies between and above."""
    every = every_weight(panels)
    between = [weight for weight in every if 0 < weight < 1 and not is_one(weight)]
    above = [weight for weight in every if weight > 1 and not is_one(weight)]
    plain = [0.0] * (0 in every) + [1.0] * any(map(is_one, every))
    return sorted({*plain, *(end(part) for part in (between, above) if part for end in (min, max))})
