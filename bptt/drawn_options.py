"""The options of a random network that is to be studied: what ``grow`` and ``truncate`` draw."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from bptt import options, sizes
from bptt.sweeps.axes import AXES
from derive.errors import InputError

if TYPE_CHECKING:
    from derive.model import Model
    from verify.problem import Problem

_STARTS = ("gaussian", "orthogonal", "identity")
_DRAWN = ("start", "gain", "radius", "drive")
NAMES = (*sizes.SIZES, *_DRAWN)
"""Everything that says something of a random network."""


def add_drawn(parser: argparse.ArgumentParser, *, steps: int, hidden: int) -> None:
    """Sizes, and how the recurrent weights begin."""
    drawn = sizes.add_sizes(parser, "a random network", steps=steps, hidden=hidden)
    drawn.add_argument(
        "--start", choices=_STARTS, default="gaussian", help="recurrent weights (%(default)s, N(0, 1/n))"
    )
    drawn.add_argument("--gain", type=options.positive_number, metavar="G", help="multiplies every recurrent matrix")
    drawn.add_argument(
        "--radius", type=options.positive_number, metavar="R", help="scales each to this spectral radius"
    )
    drawn.add_argument(
        "--drive", type=options.number, default=AXES["drive"].default, metavar="D",
        help="scale of inputs, biases, h_0 (%(default)s)",
    )  # fmt: skip


def check(arguments: argparse.Namespace, given: list[str], *, trained: bool) -> None:
    """``given`` are the options of a random network that say something.  Raises InputError for those that clash."""
    if arguments.gain is not None and arguments.radius is not None:
        raise InputError("--gain and --radius both scale the recurrent matrices", mend="leave one of them out")
    if trained:
        for option in given:
            raise InputError(f"--{option} is of a random network, and --weights gives one", mend="leave it out")


def drawn(arguments: argparse.Namespace, model: Model) -> Problem:
    """The network."""
    from verify.growth.drawing import network

    found: dict[str, Any] = {**sizes.given(arguments, model), **{name: getattr(arguments, name) for name in _DRAWN}}
    return network(model, **found)


def words(arguments: argparse.Namespace, given: list[str]) -> list[str]:
    """The words that draw the same network again."""
    return [word for name in given for word in (f"--{name.replace('_', '-')}", str(getattr(arguments, name)))]
