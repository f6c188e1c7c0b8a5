"""``python -m benchmarks [--quick | --tiny] [--only TABLE …] [--write PAGE]``: every table, in one run."""

from __future__ import annotations

import argparse
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from rich.console import Console

import benchmarks.tables
from benchmarks.measuring import markdown, terminal
from benchmarks.measuring.machine import description
from benchmarks.measuring.scale import FULL, SCALES
from benchmarks.measuring.table import MISSED, Table, missed

_MODULES = [import_module(f"benchmarks.tables.{own.name}") for own in iter_modules(benchmarks.tables.__path__)]
TABLES = {own.__name__.rpartition(".")[2]: own for own in sorted(_MODULES, key=lambda own: int(own.PLACE))}
"""By name, in the order of their places."""


def main(words: list[str] | None = None) -> None:
    asked = _arguments(words)
    console, scale = Console(), SCALES[asked.scale]
    heading = [*description(), f"scale: {scale.name}"]
    for line in heading:
        console.print(line, style="dim", highlight=False)
    console.print()
    found: list[Table] = []
    for name in asked.only or TABLES:
        for table in TABLES[name].tables(scale):
            terminal.show(table, console)
            found.append(table)
    console.print(f"{missed(found)} figures are not as wanted ({MISSED})")
    if asked.write is not None:
        markdown.write(asked.write, heading, found)


def _arguments(words: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    for name in SCALES:
        if name != FULL.name:
            parser.add_argument(f"--{name}", dest="scale", action="store_const", const=name, default=FULL.name)
    parser.add_argument("--only", nargs="+", choices=TABLES, metavar="TABLE", help=", ".join(TABLES))
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page in Markdown with marks for the tables")
    return parser.parse_args(words)
