"""The arrays that all who are timed get: one network with softmax outputs and a cross-entropy at every step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import sympy as sp

from derive.assemble import derivation
from derive.compile import Gradient, compile_gradient
from derive.derivation import Derivation
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T, value
from derive.model import build
from derive.run import FORMS, gradients, name_of
from derive.unroll import place, unroll

Array = np.ndarray
CELLS = ("rnn", "gru", "lstm")


@cache
def derived(cell: str) -> Derivation:
    return derivation(build(cell, loss="softmax_cross_entropy"))


@cache
def compiled(cell: str) -> Gradient:
    """The compiled gradient, made once."""
    return compile_gradient(derived(cell))


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
        """Loss and gradient by the interpreter of the derivation: slow, and nobody's competitor."""
        model = derived(self.cell).model
        (source,), target = model.inputs_of(model.main), model.readout.target
        of_steps = {source: self.x, target: self.y}
        given = {
            place(own): {**self.parameters, **self.starts}[name_of(own)]
            for own in (*model.parameters, *model.initial_states)
        }
        for own, array in of_steps.items():
            given |= {place(own.at(step + 1)): array[step][..., None] for step in range(self.steps)}
        forward = unroll(model, given, self.sizes)
        return float(np.mean(forward.values[place(model.total)])), gradients(derived(self.cell), forward, FORMS[-1])

    @property
    def sizes(self) -> dict[sp.Symbol, int]:
        return {N_STATE: self.hidden, N_INPUT: self.hidden, N_OUTPUT: self.hidden, T: self.steps}


def drawn(cell: str, steps: int, hidden: int, batch: int, seed: int = 0) -> Case:
    """Weights of a spectral radius of about 0.9, so that nothing explodes and nothing saturates at a thousand steps."""
    rng, model = np.random.default_rng(seed), derived(cell).model
    sizes = {N_STATE: hidden, N_INPUT: hidden, N_OUTPUT: hidden}

    def array(name: str, shape: tuple[object, ...]) -> Array:
        rows, columns = (value(size, sizes) for size in shape)
        scale = 0.9 / np.sqrt(columns) if name.startswith("W") else 0.1
        return rng.normal(size=(rows, columns)) * scale

    parameters = {w.name: array(w.name, w.shape) for w in model.parameters}
    starts = {f"{state.name}_0": array("start", state.shape) for state in model.main.states}
    x = rng.normal(size=(steps, batch, hidden))
    y = np.eye(hidden)[rng.integers(hidden, size=(steps, batch))]
    return Case(cell, steps, hidden, batch, parameters, starts, x, y)
