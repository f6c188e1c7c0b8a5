"""Colours of charts as data, so that every writer paints the same ones.

`DIVERGING` runs from blue (below the centre) over white to orange and brown (above it), `SEQUENTIAL` is
Matplotlib's cividis. Both stay apart for readers without red or green receptors, and in each arm the lightness
falls or rises throughout, so that grey print keeps their order.
"""

from __future__ import annotations

from itertools import pairwise

from reports.formula.symbols import ROLES

DIVERGING = ("#08306b", "#2166ac", "#6aaed6", "#c6dcec", "#f7f7f7", "#fbd9ab", "#eb9a48", "#b35806", "#5c2d04")
SEQUENTIAL = (
    "#00224e", "#1a386f", "#434e6c", "#61656f", "#7d7c78", "#9b9476", "#bcae6c", "#dec958", "#fee838",
)  # fmt: skip
MISSING = "#e6e6e6"


def ink(colour: str) -> str:
    """A role name or `#rrggbb` as `#rrggbb`."""
    return ROLES[colour].colour if colour in ROLES else colour


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def colour_at(stops: tuple[str, ...], share: float) -> str:
    """The colour at a share from 0 to 1 of the way through the stops, which are equally far apart."""
    place = min(max(share, 0.0), 1.0) * (len(stops) - 1)
    first, second = list(pairwise(stops))[min(int(place), len(stops) - 2)]
    part = place - min(int(place), len(stops) - 2)
    mixed = (round(a + (b - a) * part) for a, b in zip(rgb(first), rgb(second), strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)
