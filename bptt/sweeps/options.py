"""The options of a sweep, and the sweep that they ask for.  Light: nothing heavy is imported before there is work."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bptt import options, screen
from bptt.sweeps.axes import AXES, EXAMPLE, SETTINGS, Number
from bptt.sweeps.executor import executor, modules
from derive.errors import InputError

if TYPE_CHECKING:
    from bptt.sweeps.run import Finished
    from bptt.sweeps.task import ModelWords


NETWORK = ("source_steps", "outputs", "start")
"""Options of the random network that are no axes."""


def add_sweep(parser: argparse.ArgumentParser) -> None:
    """``--sweep``, ``--restart``, and an option for every place to compute."""
    group = parser.add_argument_group("a sweep, written to a table (-o)")
    group.add_argument(
        "--sweep", nargs="+", metavar="AXIS=VALUES",
        help=f"measure at every point of a grid: {EXAMPLE} steps=10,100,1000 seeds=20; the axes are {', '.join(AXES)}",
    )  # fmt: skip
    group.add_argument(
        "--restart", action="store_true", help="throw away what an earlier run of the sweep has finished"
    )
    for module in modules():
        module.add_option(group)


def words_of(arguments: argparse.Namespace) -> ModelWords:
    """The words of the network as plain data; a file of equations is in it as text.  Raises InputError."""
    words: dict[str, str | int | bool] = {name: getattr(arguments, name) for name in options.MODEL}
    words |= {name: getattr(arguments, name) for name in NETWORK if hasattr(arguments, name)}
    if not options.is_cell_file(arguments.cell):
        return {"cell": arguments.cell, **words}
    from derive.cellfile.source import read

    path = Path(arguments.cell)
    return {"cell": path.name, "equations": read(path).text, **words}


def fixed_by(arguments: argparse.Namespace) -> dict[str, Number | None]:
    """The settings that options of their own give (``--hidden 64``)."""
    return {name: getattr(arguments, name) for name in SETTINGS if hasattr(arguments, name)}


def sweep(arguments: argparse.Namespace, model_words: ModelWords | None = None) -> Finished:
    """Run the sweep that the options ask for, into the file ``arguments.output``.

    Complains (InputError) about the words, the format and the executor before it imports SymPy, and about the model
    before anything is written.
    """
    from bptt.sweeps.grid import grid
    from bptt.sweeps.table import format_of

    points = grid(arguments.sweep, fixed_by(arguments))
    place = executor(arguments)
    if arguments.output is None:
        raise InputError("a sweep is written to a table", "--sweep", "give -o FILE.csv, FILE.json or FILE.parquet")
    output = Path(arguments.output)
    format_of(output)
    if getattr(arguments, "batch", 1) != 1:
        raise InputError("a sweep follows one sequence at each point", "--batch", "leave it out, and sweep the seeds")
    options.model(arguments)  # complains with the name of the file that the user gave
    words = words_of(arguments) if model_words is None else model_words
    from bptt.progress import progress
    from bptt.sweeps.network import check
    from bptt.sweeps.run import run_sweep

    check(words, points)
    with progress() as say:
        return run_sweep(points, words, output, executor=place, restart=arguments.restart, say=say)


def run(arguments: argparse.Namespace, model_words: ModelWords | None = None) -> int:
    """The sweep, and one line on standard output; the exit code is 3 where a point could not be measured."""
    finished = sweep(arguments, model_words)
    screen.write(f"{finished.summary}\n")
    return finished.exit_code
