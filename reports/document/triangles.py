"""Lower-triangular grids side by side: which terms of the double sum a truncation keeps, and with which weight."""

from __future__ import annotations

from dataclasses import dataclass

from reports.document.blocks import Block
from reports.document.inline import InlineLike
from reports.document.panels import Panel, every_weight, weight_colour
from reports.document.triangle_sheet import sheet

__all__ = ["CUT_NAME", "KEY_NAME", "MOST_PANELS", "Panel", "Triangles", "cell_colour", "has_cuts"]

MOST_PANELS = 6
KEY_NAME, CUT_NAME = "weight", "the state is detached"


@dataclass(frozen=True)
class Triangles(Block):
    """One to six panels, at most three in a row, with one scale of colours for all of them.

    Row t, the late step, runs down, column i, the early step, to the right. A weight of 0 is an empty cell, 1 is
    tinted, and what is larger is the darker the larger it is; a number stands in a cell that is neither 0 nor 1. A
    heavy line stands where the state is detached. Raises ValueError for no panel and for more than six.
    """

    panels: tuple[Panel, ...]
    caption: InlineLike = ()
    label: str | None = None
    alt: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.panels) <= MOST_PANELS:
            name = f"triangles {self.label!r}" if self.label else "triangles"
            raise ValueError(f"{name}: {len(self.panels)} panels, expected 1 to {MOST_PANELS}")

    @property
    def height_mm(self) -> float:
        """The height of a drawing that is 150 mm wide."""
        return sheet(self.panels).height_mm


def cell_colour(triangles: Triangles, weight: float) -> str:
    """The colour of a weight on the scale of all panels, as `#rrggbb`."""
    return weight_colour(weight, max(every_weight(triangles.panels)))


def has_cuts(triangles: Triangles) -> bool:
    """Whether the state is detached anywhere."""
    return any(panel.cuts for panel in triangles.panels)
