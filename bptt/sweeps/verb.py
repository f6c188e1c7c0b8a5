"""``bptt grow CELL --sweep …``: the table, and a heat map of it beside it and in the terminal."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bptt import screen
from bptt.sweeps.options import sweep
from derive.errors import InputError

if TYPE_CHECKING:
    from bptt.sweeps.run import Finished
    from reports.document.heatmaps import HeatMap

_OF_ONE_NETWORK = ("weights", "input", "target", "json", "engine", "no_loss")
"""Options that say something of a single study only."""


def run_sweep_words(arguments: argparse.Namespace) -> int:
    """Run the sweep, write its table and its pictures, print the heat map; 3 where a point could not be measured.

    Raises InputError for options that make no sense of a sweep.
    """
    if arguments.cell is None:
        raise InputError("no CELL is named", mend="name one (`bptt cells`)")
    for name in _OF_ONE_NETWORK:
        if getattr(arguments, name):
            option = name.replace("_", "-")
            raise InputError(f"--{option} is of one network, and --sweep draws many", mend="leave one of them out")
    finished = sweep(arguments)
    chart = heat_map(finished)
    if chart is not None and arguments.figures:
        from reports.figures import write_figures

        paths = write_figures({"sweep": chart}, arguments.figures)
        screen.write("".join(f"written  {path}\n" for path in paths))
    if chart is not None:
        _print(chart)
    screen.write(f"{finished.summary}\n")
    return finished.exit_code


def heat_map(finished: Finished) -> HeatMap | None:
    """The chart of a sweep over two settings or more; None where there is nothing to compare."""
    from bptt.sweeps.axes import BY_SETTING
    from bptt.sweeps.quantities import QUANTITIES
    from bptt.sweeps.summary import summarise
    from reports.growth.heat import Axis, heat_map

    found = summarise(finished.table)
    if len(found.xs) * len(found.ys) < 2:
        return None
    x, y = (
        Axis(BY_SETTING[name].title, BY_SETTING[name].unit, values)
        for name, values in ((found.x, found.xs), (found.y, found.ys))
    )
    quantity = QUANTITIES[found.value]
    return heat_map(x, y, found.median, (quantity.title, quantity.unit), found.held)


def _print(chart: HeatMap) -> None:
    from reports.writers.text_charts import chart_lines

    with screen.console() as console:
        for line in chart_lines(chart, min(console.width, 120)):
            console.print(line, highlight=False, markup=False, soft_wrap=True)
        console.print()
