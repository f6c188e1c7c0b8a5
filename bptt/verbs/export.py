"""``bptt export``: the derived gradient as a program of its own."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from bptt import options, screen
from derive import registry
from derive.errors import InputError

HELP = "the derived gradient as one readable file that needs nothing of ours: for NumPy, PyTorch or JAX"
EXAMPLE = "bptt export lstm --target numpy -o gradient.py && python gradient.py"
TARGETS = "reports.exported.targets"


def configure(parser: argparse.ArgumentParser) -> None:
    options.add_model(parser)
    choices = ", ".join(registry.names(TARGETS))
    parser.add_argument("--target", default="numpy", metavar="NAME", help=f"{choices} (%(default)s)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to FILE instead of the terminal")


def reads(arguments: argparse.Namespace) -> tuple[Path, ...] | None:
    return None if arguments.output is not None else options.model_files(arguments)


def run(arguments: argparse.Namespace) -> int:
    options.known(TARGETS, arguments.target, "target")
    if arguments.output is not None:
        from reports.output import check_place

        check_place(arguments.output)
    model = options.model(arguments)
    target = registry.load(TARGETS, arguments.target, "target")
    if arguments.output is not None and arguments.output.suffix != target.SUFFIX:
        raise InputError(f"does not end in {target.SUFFIX}", str(arguments.output), "give it that suffix")
    from derive.assemble import derivation

    text = target.written(derivation(model), _command(arguments))
    if arguments.output is None:
        screen.write(text)
        return 0
    from reports.output import write_file

    write_file(arguments.output, text.encode())
    return 0


def _command(arguments: argparse.Namespace) -> str:
    """The words that make the same again."""
    return shlex.join(["bptt", "export", *options.model_words(arguments), "--target", arguments.target])
