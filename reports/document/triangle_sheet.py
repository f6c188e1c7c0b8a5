"""How panels of weights share a sheet: rows of panels, the size of a cell, and which numbers fit into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from reports.document.columns import natural_width
from reports.document.inline import Inline, InlineLike
from reports.document.panels import Panel, weight_text
from reports.document.ticks import spread
from reports.document.wrapping import wrapped

WIDTH_MM = 150.0
LEFT_MM, RIGHT_MM, FOOT_MM, GAP_MM = 4.6, 3.2, 4.0, 3.0  # the labels around a grid; between panels
TITLE_PT, LABEL_PT = 9.0, 7.0
LINE_MM, TITLE_GAP_MM, KEY_MM = 4.2, 3.4, 7.0
PT_MM = 25.4 / 72
_IN_A_ROW = 3
_LARGEST_CELL_MM, _LABEL_ROOM_MM = 6.5, 3.4
_SMALLEST_PT, _LARGEST_PT, _FILLED = 4.6, 8.0, 0.9  # of numbers in cells
_DIGIT_EM, _POINT_EM = 0.54, 0.3
_USUAL_EM = 3 * _DIGIT_EM + _POINT_EM  # "2.25"


@dataclass(frozen=True)
class Sheet:
    """Lengths are millimetres; `titles[n]` are the lines of the n-th title, `places[n]` is the top left of its grid."""

    columns: int
    cell_mm: float
    panel_mm: float
    titles: tuple[tuple[Inline, ...], ...]
    places: tuple[tuple[float, float], ...]
    height_mm: float


def columns(count: int) -> int:
    """How many panels stand in a row: at most three, and rows as equal as they can be."""
    return ceil(count / ceil(count / _IN_A_ROW))


def sheet(panels: Sequence[Panel], measure: Callable[[InlineLike], float] = natural_width) -> Sheet:
    """Where everything stands; `measure` gives the width of a title in em."""
    em = TITLE_PT * PT_MM
    across = columns(len(panels))
    room = (WIDTH_MM - GAP_MM * (across - 1)) / across
    steps = max(panel.steps for panel in panels)
    cell = min(_LARGEST_CELL_MM, (room - LEFT_MM - RIGHT_MM) / steps)
    longest = max(em * measure(panel.title) for panel in panels)
    wide = max(_own_width(steps, cell), min(room, longest))
    titles = tuple(wrapped(panel.title, wide / em, measure) for panel in panels)
    tops, height = _tops(panels, titles, across, cell)
    margin = (WIDTH_MM - across * wide - GAP_MM * (across - 1)) / 2
    lefts = (margin + (n % across) * (wide + GAP_MM) + _indent(panel, wide, cell) for n, panel in enumerate(panels))
    return Sheet(across, cell, wide, titles, tuple(zip(lefts, tops, strict=True)), height)


def _own_width(steps: int, cell: float) -> float:
    return LEFT_MM + steps * cell + RIGHT_MM


def _indent(panel: Panel, wide: float, cell: float) -> float:
    """Of a grid in the room of its panel, in whose middle it stands with its labels."""
    return (wide - _own_width(panel.steps, cell)) / 2 + LEFT_MM


def _tops(
    panels: Sequence[Panel], titles: Sequence[tuple[Inline, ...]], across: int, cell: float
) -> tuple[list[float], float]:
    """The tops of the grids, and where the sheet ends. The grids of a row end on one line, below their titles."""
    tops: list[float] = []
    end = 0.0
    for start in range(0, len(panels), across):
        row = slice(start, start + across)
        foot = end + LINE_MM * max(map(len, titles[row])) + TITLE_GAP_MM + cell * max(p.steps for p in panels[row])
        tops += [foot - panel.steps * cell for panel in panels[row]]
        end = foot + FOOT_MM + GAP_MM
    return tops, end + KEY_MM


def labelled_steps(steps: int, cell_mm: float) -> list[int]:
    """Which steps have their number at the grid."""
    return [n + 1 for n in spread(tuple(range(1, steps + 1)), int(steps * cell_mm / _LABEL_ROOM_MM))]


def number_pt(cell_mm: float) -> float:
    """The size of the numbers in the cells, in points."""
    return min(max(_FILLED * cell_mm / (_USUAL_EM * PT_MM), _SMALLEST_PT), _LARGEST_PT)


def number_in(weight: float, cell_mm: float) -> str:
    """What stands in a cell: three digits or, where they do not fit, two; nothing where all of them would be 0."""
    room = _FILLED * cell_mm / (number_pt(cell_mm) * PT_MM) + 1e-9
    fitting = (shown for digits in (3, 2) if _em(shown := weight_text(weight, digits)) <= room)
    return next((shown for shown in fitting if shown.strip("0.")), "")


def _em(digits: str) -> float:
    return sum(_POINT_EM if char == "." else _DIGIT_EM for char in digits)
