"""Options that several verbs share.  Light: only names of files are read here."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from derive import registry
from derive.errors import InputError

if TYPE_CHECKING:
    from derive.model import Model


def add_model(parser: argparse.ArgumentParser) -> None:
    """The cell and what is around it."""
    parser.add_argument("cell", metavar="CELL", help="a name from `bptt cells`")
    parser.add_argument("--activation", default="", metavar="NAME", help="tanh (default), relu, sigmoid, identity")
    parser.add_argument("--loss", default="softmax_cross_entropy", metavar="NAME", help="%(default)s, squared_error")
    parser.add_argument("--wiring", default="every", metavar="NAME", help="which steps have a loss (%(default)s)")


def model(arguments: argparse.Namespace) -> Model:
    """The model that the words name.  Complains about an unknown name before it imports SymPy."""
    for package, name, what in (
        ("derive.cells", arguments.cell, "cell"),
        ("derive.losses", arguments.loss, "loss"),
        ("derive.wirings", arguments.wiring, "wiring"),
    ):
        known = registry.names(package)
        if name not in known:
            raise InputError(f"there is no {what} '{name}'", mend=f"choose one of: {', '.join(known)}")
    from derive.model import build

    return build(arguments.cell, variant=arguments.activation, loss=arguments.loss, wiring=arguments.wiring)


def positive(text: str) -> int:
    """A positive whole number, for argparse."""
    try:
        number = int(text)
    except ValueError:
        number = 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a positive whole number")
    return number


def natural(text: str) -> int:
    """A whole number that is not negative, for argparse."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least 0")
    return int(text)
