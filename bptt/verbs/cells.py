"""``bptt cells``: what is there."""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import Any

from bptt import screen
from derive import registry

HELP = "list cells, wirings, losses, oracles, formats and PDF engines"
EXAMPLE = "bptt cells --json"
_FOLDERS = {
    "cells": "derive.cells",
    "wirings": "derive.wirings",
    "losses": "derive.losses",
    "oracles": "verify.oracles",
}
_REMARKS = {"activations": "--activation {}", "missing": "not here: {}", "suffix": "{}", "found": "{}"}
Entry = dict[str, Any]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true",
        help="print one JSON object and nothing else: {kind: {name: {title, …}}}; a cell has activations, an absent "
        "oracle the reason (missing), a format its suffix, a PDF engine what was found of it (null: nothing)",
    )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    found = {**{kind: _modules(package) for kind, package in _FOLDERS.items()}, **_outputs()}
    if arguments.json:
        import json

        screen.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return 0
    _show(found)
    return 0


def _show(found: dict[str, dict[str, Entry]]) -> None:
    from rich.table import Table

    with screen.console() as console:
        for kind, entries in found.items():
            console.print(f"[bold]{kind}[/]")
            table = Table("name", "what it is", show_header=False, box=None, padding=(0, 2, 0, 2))
            for name, entry in entries.items():
                table.add_row(name, _line(entry))
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
