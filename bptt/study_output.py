"""Where a study goes: a document, pictures, data, or the terminal; what ``grow`` and ``truncate`` share.

A study's package in ``reports`` has ``document.document`` and ``blocks.figures``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bptt import screen
from derive.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console


def add_output(parser: argparse.ArgumentParser, about: str) -> None:
    """``-o``, ``--engine``, ``--figures`` and ``--json``; ``about`` says what ``-o`` writes."""
    out = parser.add_argument_group("output (a summary in the terminal where none is asked for)")
    out.add_argument("-o", "--output", type=Path, metavar="FILE", help=about)
    out.add_argument("--engine", choices=("latex", "typst"), help="of a PDF (TeX Live if it is there, else Typst)")
    out.add_argument("--figures", type=Path, metavar="FOLDER", help="every picture as SVG and PNG")
    out.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def check_outputs(arguments: argparse.Namespace) -> None:
    """Raises InputError for outputs that exclude each other, or that cannot be written."""
    if arguments.json and (arguments.output or arguments.figures):
        raise InputError("--json prints the numbers, -o and --figures write files", mend="leave one of them out")
    if arguments.output:
        from reports.output import check_output

        check_output(arguments.output, arguments.engine)
    elif arguments.engine:
        raise InputError(f"--engine {arguments.engine} makes PDF files", mend="give -o FILE.pdf")


def writes(arguments: argparse.Namespace) -> bool:
    """Whether files are asked for."""
    return bool(arguments.output or arguments.figures)


def written(arguments: argparse.Namespace, found: Any, package: str, say: Callable[[str], None]) -> tuple[str, ...]:
    """Write what is asked for; a line for each."""
    lines: list[str] = []
    if arguments.output:
        from reports.output import write_document

        say("the document")
        document = import_module(f"{package}.document").document(found)
        lines.append(write_document(document, arguments.output, arguments.engine))
    if arguments.figures:
        from reports.figures import write_figures

        say("the figures")
        paths = write_figures(import_module(f"{package}.blocks").figures(found), arguments.figures)
        lines.append(f"{len(paths)} figures in {arguments.figures}")
    return tuple(lines)


def show(lines: tuple[str, ...], summary: Callable[[Console], None]) -> None:
    """A summary in the terminal, and what was written."""
    with screen.console() as console:
        summary(console)
        for line in lines:
            console.print(f"written  {line}", highlight=False, markup=False, soft_wrap=True)
