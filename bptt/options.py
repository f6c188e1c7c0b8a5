"""Options that several verbs share.  Light: only names of files are read here."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from derive import registry
from derive.errors import InputError

if TYPE_CHECKING:
    from derive.model import Model

_LONGEST_NUMBER = 1000  # digits: Python itself refuses to read more than 4300
_LARGEST = 10**9


def add_model(parser: argparse.ArgumentParser) -> None:
    """The cell and what is around it."""
    parser.add_argument("cell", metavar="CELL", help="a name from `bptt cells`")
    parser.add_argument("--activation", default="", metavar="NAME", help="tanh (default), relu, sigmoid, identity")
    parser.add_argument("--loss", default="softmax_cross_entropy", metavar="NAME", help="%(default)s, squared_error")
    parser.add_argument("--wiring", default="every", metavar="NAME", help="which steps have a loss (%(default)s)")


def model(arguments: argparse.Namespace) -> Model:
    """The model that the words name.  Complains about an unknown name before it imports SymPy."""
    known("derive.cells", arguments.cell, "cell")
    known("derive.losses", arguments.loss, "loss")
    known("derive.wirings", arguments.wiring, "wiring")
    from derive.model import build

    return build(arguments.cell, variant=arguments.activation, loss=arguments.loss, wiring=arguments.wiring)


def oracles(chosen: Sequence[str] | None) -> tuple[str, ...]:
    """The oracles that were named, each once, or all of them."""
    for name in chosen or ():
        known("verify.oracles", name, "oracle")
    return tuple(dict.fromkeys(chosen)) if chosen else registry.names("verify.oracles")


def known(package: str, name: str, what: str) -> None:
    """Raises InputError, with the choices, for a name that no file of the package has; imports none of them."""
    names = registry.names(package)
    if name not in names:
        raise InputError(f"there is no {what} '{name}'", mend=f"choose one of: {', '.join(names)}")


def positive(text: str) -> int:
    """A positive whole number, for argparse."""
    if not _digits(text) or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a positive whole number")
    if int(text) > _LARGEST:
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is more than {_LARGEST}")
    return int(text)


def natural(text: str) -> int:
    """A whole number that is not negative, for argparse."""
    if not _digits(text):
        raise argparse.ArgumentTypeError(f"'{text[:40]}' is not a whole number of at least 0")
    return int(text)


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
