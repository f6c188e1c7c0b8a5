"""``bptt cells``: what is there."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

from bptt import options, screen
from derive import registry
from derive.errors import InputError

HELP = "list cells, wirings, losses, oracles, formats, targets and PDF engines; or print one cell's equations"
EXAMPLE = "bptt cells lstm --as toml >my_cell.toml"
_FOLDERS = {
    "cells": "derive.cells",
    "wirings": "derive.wirings",
    "losses": "derive.losses",
    "normalisations": "derive.normalisations",
    "oracles": "verify.oracles",
    "remedies": "verify.growth.remedies.kinds",
    "strategies": "derive.strategies",
    "targets": "reports.exported.targets",
}
_REMARKS = {"activations": "--activation {}", "missing": "not here: {}", "suffix": "{}", "found": "{}"}
Entry = dict[str, Any]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("cell", nargs="?", metavar="CELL", help="a cell to print, as a file of equations")
    parser.add_argument("--as", dest="form", choices=("toml",), default="toml", help="the form to print it in")
    parser.add_argument("--activation", default="", metavar="NAME", help="of that cell")
    parser.add_argument(
        "--json", action="store_true",
        help="print one JSON object and nothing else: {kind: {name: {title, …}}}; a cell has activations, an absent "
        "oracle the reason (missing), a format its suffix, a PDF engine what was found of it (null: nothing)",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    if arguments.cell is not None:
        return _print_cell(arguments)
    found = {**{kind: _modules(package) for kind, package in _FOLDERS.items()}, **_outputs()}
    if arguments.json:
        import json

        screen.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return 0
    _show(found)
    return 0


def _print_cell(arguments: argparse.Namespace) -> int:
    """One cell as a file that reads back as the same cell."""
    if arguments.json:
        raise InputError("--json is of the list of everything", mend="leave out CELL, or --json")
    if not options.is_cell_file(arguments.cell):
        options.known("derive.cells", arguments.cell, "cell")
    from derive.cellfile.writer import cell_toml
    from derive.model import cell_named

    from_file = options.is_cell_file(arguments.cell)
    cell = options.cell_of(arguments) if from_file else cell_named(arguments.cell, arguments.activation)
    screen.write(cell_toml(cell))
    return 0


def _show(found: dict[str, dict[str, Entry]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    with screen.console() as console:
        for kind, entries in found.items():
            console.print(f"[bold]{kind}[/]")
            table = Table("name", "what it is", show_header=False, box=None, padding=(0, 2, 0, 2))
            for name, entry in entries.items():
                table.add_row(name, escape(_line(entry)))
            console.print(table)
            console.print()


def _line(entry: Entry) -> str:
    """The title, and what else there is to say in brackets."""
    said = {key: ", ".join(value) if isinstance(value, list) else value for key, value in entry.items()}
    remarks = [_REMARKS[key].format(value or "not on this machine") for key, value in said.items() if key in _REMARKS]
    return entry["title"] + (f" ({'; '.join(remarks)})" if remarks else "")


def _modules(package: str) -> dict[str, Entry]:
    """Titles; a cell's activations and an absent oracle's reason stand behind."""
    titles: dict[str, Entry] = {}
    for name in registry.names(package):
        module = import_module(f"{package}.{name}")
        titles[name] = {"title": module.TITLE}
        if variants := getattr(module, "VARIANTS", ()):
            titles[name]["activations"] = list(variants)
        if missing := getattr(module, "missing", str)():
            titles[name]["missing"] = missing
    return titles


def _outputs() -> dict[str, dict[str, Entry]]:
    from reports.engines import engines
    from reports.writers import writers

    return {
        "formats": {name: {"title": writer.TITLE, "suffix": writer.SUFFIX} for name, writer in writers().items()},
        "engines": {name: {"title": engine.TITLE, "found": engine.available()} for name, engine in engines().items()},
    }
