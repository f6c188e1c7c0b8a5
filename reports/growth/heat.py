"""A sweep as a heat map: how fast the chain grows over two settings, medians over the seeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.document.heatmaps import HeatMap
from reports.document.inline import Inline


@dataclass(frozen=True)
class Axis:
    """One of the two settings: what it is called, its unit, and its values."""

    title: str
    unit: str
    values: Sequence[float]

    @property
    def label(self) -> Inline:
        return (self.title if self.unit in ("", "1") else f"{self.title} ({self.unit})",)


def heat_map(
    x: Axis, y: Axis, median: Sequence[Sequence[float]], quantity: tuple[str, str], held: Mapping[str, object]
) -> HeatMap:
    """``median[j][i]`` belongs to the i-th value of ``x`` and the j-th of ``y``; ``quantity`` is a title and a unit.

    White is no growth, and a heavy line parts what vanishes from what explodes.
    """
    title, unit = quantity
    others = ", ".join(f"{name} = {value}" for name, value in held.items())
    return HeatMap(
        tuple(x.values), tuple(y.values), tuple(tuple(row) for row in median), x.label, y.label, (f"{unit}",),
        threshold=0.0,
        caption=(f"The {title}, median over the seeds{f' ({others})' if others else ''}. The heavy line parts networks "
                 "whose chain vanishes from those whose chain explodes.",),
        label="fig:growth-sweep",
        alt=f"A heat map of the {title} over {x.title} and {y.title}.",
    )  # fmt: skip
