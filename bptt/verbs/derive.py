"""``bptt derive``: the derivation itself."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bptt import options, screen
from derive.errors import InputError

if TYPE_CHECKING:
    from derive.derivation import Derivation

HELP = "derive the gradient of a model, step by step, for any T and any sizes"
EXAMPLE = "bptt derive rnn --form adjoint -o rnn.tex"
FORMATS = ("text", "latex", "markdown", "typst", "json")


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_model(parser)
    parser.add_argument("--form", choices=("expanded", "adjoint", "rtrl"), help="only what this form needs (all)")
    parser.add_argument("--format", choices=FORMATS, help="text unless the suffix of FILE says another")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to FILE instead of the terminal")


def reads(arguments: argparse.Namespace) -> tuple[Path, ...] | None:
    return None if arguments.output is not None else options.model_files(arguments)


def run(arguments: argparse.Namespace) -> int:
    model = options.model(arguments)
    chosen = _format(arguments.output, arguments.format)
    from derive.assemble import derivation
    from derive.selection import for_form

    derived = derivation(model)
    if arguments.form:
        derived = for_form(derived, arguments.form)
    if chosen == "text" and arguments.output is None:
        _show(derived)
        return 0
    text = _json(derived) if chosen == "json" else _written(derived, chosen)
    if arguments.output is None:
        screen.write(text)
        return 0
    from reports.output import write_file

    write_file(arguments.output, text.encode())
    return 0


def _format(output: Path | None, wanted: str | None) -> str:
    """What was asked for, or what the suffix says; raises InputError where the two contradict each other."""
    if output is None:
        return wanted or "text"
    from reports.output import check_place, formats

    check_place(output)
    known = {**formats(), ".json": "json"}
    meant = known.get(output.suffix.lower())
    if output.suffix.lower() == ".pdf" or not (meant or wanted):
        raise InputError(
            f"no format of a bare derivation has the suffix '{output.suffix}'", str(output),
            f"use one of: {', '.join(sorted(known))}; `bptt report` makes a PDF",
        )  # fmt: skip
    if wanted and meant and wanted != meant:
        raise InputError(
            f"is the name of a {meant} file, but --format {wanted} is given", str(output), "drop one of them"
        )
    return wanted or str(meant)


def _show(derived: Derivation) -> None:
    """In the terminal, at its width and in colour."""
    from reports.derivation_document import only_derivation
    from reports.writers.terminal_writer import print_document

    with screen.console() as console:
        print_document(only_derivation(derived), console)


def _written(derived: Derivation, format_name: str) -> str:
    from reports.derivation_document import only_derivation
    from reports.writers import writer

    return writer(format_name).render(only_derivation(derived)).main


def _json(derived: Derivation) -> str:
    import json

    from reports.derivation_json import as_json

    return json.dumps(as_json(derived), ensure_ascii=False, indent=2) + "\n"
