"""A task: a network, its data, and how it is trained.  Everything but the gradient, which is the strategy's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sympy as sp

from derive import registry
from derive.arithmetic import Array
from derive.cell import Reference
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T
from derive.model import Model
from verify.training import tasks
from verify.training.optimisers import Optimiser
from verify.training.seeds import Generator

PACKAGE = tasks.__name__
ORDER = ("balancing", "delay_copy", "echo")
"""How they are told; one that is not named here comes last."""


@dataclass(frozen=True)
class Settings:
    """``rates`` multiply the optimiser's rate, the first of them is the one that is told in full; ``length`` is the
    mean number of steps in a piece, for every strategy alike.  A run counts as ``solved`` where its last losses are
    below that fraction of ``reference``, the loss of a network that has learned nothing.  ``estimates`` of the first
    gradient are drawn."""

    optimiser: Optimiser
    iterations: int
    length: int
    solved: float
    reference: float
    runs: int = 20
    rates: tuple[float, ...] = (1.0,)
    estimates: int = 1000


@dataclass(frozen=True)
class Task:
    """``start(runs, rng)`` draws parameters (runs, 1, rows, columns); ``draw(runs, rng)`` inputs (T, runs, B, m, 1),
    None where the network has none, and targets (T, runs, B, q, 1), of every step, used or not.

    What is not ``trained`` stays as it is drawn.  In a ``stream`` the last state of a sequence is the first of the next
    one.  ``remark`` says why a noisy gradient may end below the full one, where it may.
    """

    name: str
    title: str
    about: str
    model: Model
    sizes: Mapping[sp.Symbol, int]
    start: Callable[[int, Generator], dict[str, Array]]
    draw: Callable[[int, Generator], tuple[Array | None, Array]]
    trained: tuple[str, ...]
    settings: Settings
    references: tuple[Reference, ...] = ()
    stream: bool = False
    remark: str = ""

    @property
    def steps(self) -> int:
        return self.sizes[T]


def sizes(hidden: int, outputs: int, steps: int, inputs: int = 1) -> dict[sp.Symbol, int]:
    return {N_STATE: hidden, N_INPUT: inputs, N_OUTPUT: outputs, T: steps}


def names() -> tuple[str, ...]:
    """Every file of ``tasks``."""
    found = registry.names(PACKAGE)
    return tuple(sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)))


def task(name: str) -> Task:
    """One of them.  Raises InputError, with the choices, for a name that is not there."""
    found: Task = registry.load(PACKAGE, name, "task").task()
    return found
