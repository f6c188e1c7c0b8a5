"""``bptt derive``: the derivation itself."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from bptt import options

HELP = "derive the gradient of a model, step by step, for any T and any sizes"
EXAMPLE = "bptt derive rnn --form adjoint --format latex -o rnn.tex"
FORMATS = ("text", "latex", "markdown", "typst", "json")


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_model(parser)
    parser.add_argument("--form", choices=("expanded", "adjoint", "rtrl"), help="only what this form needs (all)")
    parser.add_argument("--format", choices=FORMATS, default="text", help="%(default)s unless given")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to FILE instead of the terminal")


def run(arguments: argparse.Namespace) -> int:
    model = options.model(arguments)
    from derive.assemble import derivation
    from derive.selection import for_form

    derived = derivation(model)
    if arguments.form:
        derived = for_form(derived, arguments.form)
    if arguments.format == "json":
        from reports.derivation_json import as_json

        _give(arguments, json.dumps(as_json(derived), ensure_ascii=False, indent=2) + "\n")
        return 0
    from reports.report import only_derivation

    document = only_derivation(derived)
    if arguments.format == "text" and arguments.output is None:
        from rich.console import Console

        from reports.writers.terminal_writer import print_document

        print_document(document, Console())
        return 0
    from reports.writers import writer

    _give(arguments, writer(arguments.format).render(document).main)
    return 0


def _give(arguments: argparse.Namespace, text: str) -> None:
    if arguments.output is None:
        sys.stdout.write(text)
        return
    from reports.files import write_atomically

    write_atomically(arguments.output, text.encode())
