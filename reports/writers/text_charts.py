"""A chart for a terminal, with its axes and names and without a document around it."""

from __future__ import annotations

from functools import singledispatch
from typing import TYPE_CHECKING

from reports.document.bars import Bars
from reports.document.blocks import Block
from reports.document.charts import Plot
from reports.document.heatmaps import HeatMap
from reports.document.numbering import Numbering
from reports.document.triangles import Triangles
from reports.writers.braille_dots import Cell
from reports.writers.braille_plots import OTHER_INK, Row, braille_rows, inks
from reports.writers.text_bars import text_bars
from reports.writers.text_heatmaps import text_heat_map
from reports.writers.text_inline import TextInline, fill, pad
from reports.writers.text_plots import legend, letters, text_plot
from reports.writers.text_triangles import text_triangles

if TYPE_CHECKING:
    from rich.text import Text

_INLINE = TextInline(Numbering())  # a chart without a document refers to nothing
_FEW = 6
_AREA = "⠄⠁"
_COLOURS = ("bright_blue", "bright_red", "bright_green", "bright_magenta", "bright_yellow", "bright_cyan")


@singledispatch
def chart_lines(chart: Block, width: int, height: int = 12) -> list[str]:
    """A chart as lines at most `width` wide; `height` is that of a plot without its frame.

    A plot of at most six named curves is made of Braille dots, one of more of letters.
    Raises TypeError for a block that is no chart.
    """
    raise TypeError(f"no chart of {type(chart).__name__}")


@chart_lines.register
def _plot(chart: Plot, width: int, height: int = 12) -> list[str]:
    body = ["".join(cell.char for cell in row).rstrip() for row in _rows(chart, width, height)]
    return [*_above(chart, width), *body, *_below(chart, width)]


@chart_lines.register
def _bars(chart: Bars, width: int, height: int = 12) -> list[str]:
    return text_bars(chart, _INLINE, width)


@chart_lines.register
def _heat_map(chart: HeatMap, width: int, height: int = 12) -> list[str]:
    return text_heat_map(chart, _INLINE, width)


@chart_lines.register
def _triangles(chart: Triangles, width: int, height: int = 12) -> list[str]:
    return text_triangles(chart, _INLINE, width)


def coloured_plot(plot: Plot, width: int, height: int = 12) -> list[Text]:
    """The lines of `chart_lines` for a Rich console, each curve and its letter in a colour."""
    from rich.text import Text

    styles: dict[int | None, str] = {n: _COLOURS[i % len(_COLOURS)] for i, n in enumerate(dict.fromkeys(inks(plot)))}
    styles[OTHER_INK] = "dim"
    body = [Text() for _ in _rows(plot, width, height)]
    for line, row in zip(body, _rows(plot, width, height), strict=True):
        for cell in row:
            line.append(
                cell.char, "dim" if cell.ink == -1 else styles.get(cell.ink, "") if cell.ink is not None else ""
            )
        line.rstrip()
    below = [Text(line) for line in _below(plot, width)]
    for letter, ink in zip(letters(plot), inks(plot), strict=True):
        for line in below[1:] if letter and _is_fine(plot) else ():
            line.highlight_regex(rf"(?:^|(?<=  )){letter}(?= )", f"bold {styles[ink]}")
    return [*(Text(line) for line in _above(plot, width)), *body, *below]


def _is_fine(plot: Plot) -> bool:
    return sum(map(bool, letters(plot))) <= _FEW


def _rows(plot: Plot, width: int, height: int) -> list[Row]:
    if _is_fine(plot):
        return braille_rows(plot, width, height)
    return [[Cell(char) for char in line] for line in text_plot(plot, width, height)]


def _above(plot: Plot, width: int) -> list[str]:
    return fill(_INLINE(plot.y_label), width)


def _below(plot: Plot, width: int) -> list[str]:
    """The name of the x axis, from the right end, and the key."""
    name = _INLINE(plot.x_label).replace("\u00a0", " ")
    key = legend(plot, _INLINE, _AREA, "") if _is_fine(plot) else legend(plot, _INLINE)
    return [pad(name, width - 1, "right"), *(fill(key, width) if key else [])]
