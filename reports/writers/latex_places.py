"""Labels at categorical places of a pgfplots axis."""

from __future__ import annotations

from collections.abc import Sequence

from reports.document.inline import InlineLike
from reports.document.ticks import is_slanted, labelled, position_labels
from reports.writers.latex_inline import LatexInline

FONT = 0.73  # the size of a label of a tick to that of the text
_SLANTED = "xticklabel style={rotate=30, anchor=north east, inner sep=1pt}"


def places_across(values: Sequence[InlineLike | float], room_em: float, inline: LatexInline) -> list[str]:
    """Options for the x axis, `room_em` long: slanted labels if they are words that do not fit, else every n-th."""
    room = room_em / FONT
    if is_slanted(values, room):
        return [*places("x", values, range(len(values)), inline), _SLANTED]
    return places("x", values, labelled(values, room), inline)


def places(axis: str, values: Sequence[InlineLike | float], at: Sequence[int], inline: LatexInline) -> list[str]:
    """Options that label the places `at` of an axis whose places are 0, 1, 2 …"""
    if not at:
        return [rf"{axis}tick=\empty"]
    labels = position_labels(values)
    shown = ",".join(f"{{{inline(labels[n])}}}" for n in at)
    return [f"{axis}tick={{{','.join(map(str, at))}}}", f"{axis}ticklabels={{{shown}}}"]
