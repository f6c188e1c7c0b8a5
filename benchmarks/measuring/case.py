"""The arrays that all who are timed get: one network with softmax outputs and a cross-entropy at every step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from derive.assemble import derivation
from derive.compiled.program import Program, compiled
from derive.derivation import Derivation
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, value
from derive.model import build

Array = np.ndarray
CELLS = ("rnn", "gru", "lstm")
PROGRAMS: dict[str, Program] = {}


def derived(cell: str) -> Derivation:
    return derivation(build(cell, loss="softmax_cross_entropy"))


def program_of(cell: str) -> Program:
    """The compiled gradient, made once."""
    if cell not in PROGRAMS:
        PROGRAMS[cell] = compiled(derived(cell))
    return PROGRAMS[cell]


@dataclass(frozen=True)
class Case:
    """``parameters`` (rows, columns) and ``starts`` (n, 1) by name; ``x`` and ``y`` (T, batch, n), contiguous.

    There are as many inputs and outputs as units.  ``y`` has a single one in every row.
    """

    cell: str
    steps: int
    hidden: int
    batch: int
    parameters: Mapping[str, Array]
    starts: Mapping[str, Array]
    x: Array
    y: Array

    @property
    def label(self) -> str:
        return f"({self.steps}, {self.hidden}, {self.batch})"

    @property
    def rows(self) -> int:
        return self.steps * self.batch

    @cached_property
    def reference(self) -> tuple[float, dict[str, Array]]:
        """Loss and gradient by the compiled program."""
        run = program_of(self.cell).run_arrays(self.parameters, self.starts, self.x[..., None], self.y[..., None])
        return run.loss, run.gradient()


def drawn(cell: str, steps: int, hidden: int, batch: int, seed: int = 0) -> Case:
    """Weights of a spectral radius of about 0.9, so that nothing explodes and nothing saturates at a thousand steps."""
    rng, model = np.random.default_rng(seed), program_of(cell).model
    sizes = {N_STATE: hidden, N_INPUT: hidden, N_OUTPUT: hidden}

    def array(name: str, shape: tuple[object, ...]) -> Array:
        rows, columns = (value(size, sizes) for size in shape)  # type: ignore[arg-type]
        scale = 0.9 / np.sqrt(columns) if name.startswith("W") else 0.1
        return rng.normal(size=(rows, columns)) * scale

    parameters = {w.name: array(w.name, w.shape) for w in model.parameters}
    starts = {f"{state.name}_0": array("start", state.shape) for state in model.main.states}
    x = rng.normal(size=(steps, batch, hidden))
    y = np.eye(hidden)[rng.integers(hidden, size=(steps, batch))]
    return Case(cell, steps, hidden, batch, parameters, starts, x, y)


def distance(found: Mapping[str, Array], wanted: Mapping[str, Array]) -> float:
    """The largest error of an entry, relative to the largest entry of its array; of the worst array.

    Raises KeyError for a gradient that is missing.
    """
    worst = 0.0
    for name, right in wanted.items():
        own = np.asarray(found[name], dtype=float).reshape(right.shape)
        worst = max(worst, float(np.max(np.abs(own - right)) / np.max(np.abs(right))))
    return worst
