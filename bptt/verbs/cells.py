"""``bptt cells``: what is there."""

from __future__ import annotations

import argparse
import json
import sys
from importlib import import_module

from derive import registry

HELP = "list cells, wirings, losses, oracles, formats and PDF engines"
EXAMPLE = "bptt cells --json"
_FOLDERS = {
    "cells": "derive.cells",
    "wirings": "derive.wirings",
    "losses": "derive.losses",
    "oracles": "verify.oracles",
}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def run(arguments: argparse.Namespace) -> int:
    found = {**{kind: _modules(package) for kind, package in _FOLDERS.items()}, **_outputs()}
    if arguments.json:
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return 0
    from rich.console import Console
    from rich.table import Table

    console = Console()
    for kind, entries in found.items():
        table = Table("name", "what it is", title=kind, title_justify="left", box=None, padding=(0, 2, 0, 0))
        for name, title in entries.items():
            table.add_row(name, title)
        console.print(table)
        console.print()
    return 0


def _modules(package: str) -> dict[str, str]:
    """Names and titles; a cell's variants and an absent oracle's reason stand behind."""
    titles = {}
    for name in registry.names(package):
        module = import_module(f"{package}.{name}")
        missing = getattr(module, "missing", str)()
        variants = ", ".join(getattr(module, "VARIANTS", ()))
        note = f" (--activation {variants})" if variants else f" (not here: {missing})" if missing else ""
        titles[name] = module.TITLE + note
    return titles


def _outputs() -> dict[str, dict[str, str]]:
    from reports.engines import engines
    from reports.writers import writers

    return {
        "formats": {name: f"{writer.TITLE} ({writer.SUFFIX})" for name, writer in writers().items()},
        "engines": {
            name: f"{engine.TITLE}: {engine.available() or 'not on this machine'}" for name, engine in engines().items()
        },
    }
