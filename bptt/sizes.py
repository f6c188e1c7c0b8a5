"""The sizes of a random problem as options: what ``verify`` and ``gradcheck`` draw."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from bptt.options import natural, positive
from derive.errors import InputError

if TYPE_CHECKING:
    import sympy as sp

    from derive.model import Model

SIZES = ("steps", "source_steps", "hidden", "inputs", "outputs", "batch", "seed")
"""What ``random_problem`` is given."""


def add_sizes(
    parser: argparse.ArgumentParser, about: str, *, steps: int = 6, hidden: int = 4, batch: int = 1
) -> argparse._ArgumentGroup:
    """The options, in a group called ``about``, with what is meant where they are not given; returns the group."""
    sizes = parser.add_argument_group(about)

    def add(name: str, default: int, metavar: str, text: str) -> None:
        sizes.add_argument(f"--{name}", type=positive, default=default, metavar=metavar, help=text)

    add("steps", steps, "T", "steps (%(default)s)")
    add("source-steps", 0, "S", "steps of an encoder (one less than T)")
    add("hidden", hidden, "n", "state size (%(default)s)")
    add("inputs", 2, "m", "input size (%(default)s)")
    add("outputs", 3, "q", "output size (%(default)s)")
    add("batch", batch, "B", "sequences (%(default)s)")
    sizes.add_argument("--seed", type=natural, default=0, help="of the random numbers (%(default)s)")
    return sizes


def given(arguments: argparse.Namespace, model: Model) -> dict[str, int]:
    """The options by name.  Raises InputError for an encoder's length where the model has none."""
    if arguments.source_steps and len(model.phases) == 1:
        raise InputError("--source-steps is given, but there is no encoder", mend="choose --wiring seq2seq")
    return {name: getattr(arguments, name) for name in SIZES}


def by_symbol(sizes: dict[str, int], model: Model) -> dict[sp.Symbol, int]:
    """The same sizes by the symbols of the model, an encoder's length no less than it will be."""
    from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T

    named = {T: "steps", N_STATE: "hidden", N_INPUT: "inputs", N_OUTPUT: "outputs"}
    lengths = {phase.length: sizes["source_steps"] or sizes["steps"] for phase in model.phases[:-1]}
    return {**{symbol: sizes[name] for symbol, name in named.items()}, **lengths}
