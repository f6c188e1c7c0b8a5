"""Small tasks for tests: any model, random weights and data."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.indices import T, t, value
from derive.model import Model
from derive.truncation.derived_track import DerivedTrack
from derive.unroll import Place, place, unroll
from verify.training.network import Network
from verify.training.optimisers import Falling
from verify.training.passed import Passed
from verify.training.seeds import Generator
from verify.training.task import Settings, Task, sizes

RUNS, BATCH, HIDDEN, INPUTS, OUTPUTS = 2, 3, 4, 2, 3


def small(model: Model, steps: int = 6) -> Task:
    """Two runs with weights and data of their own."""
    own = sizes(HIDDEN, OUTPUTS, steps, INPUTS)

    def start(runs: int, rng: Generator) -> dict[str, Array]:
        shapes = {w.name: tuple(value(side, own) for side in w.shape) for w in model.parameters}
        return {name: rng.normal(size=(runs, 1, *shape)) / np.sqrt(shape[1]) for name, shape in shapes.items()}

    def draw(runs: int, rng: Generator) -> tuple[Array | None, Array]:
        targets = rng.uniform(0.1, 1, (steps, runs, BATCH, OUTPUTS, 1))
        inputs = rng.normal(size=(steps, runs, BATCH, INPUTS, 1)) if model.cell.inputs else None
        return inputs, targets / targets.sum(axis=-2, keepdims=True)

    names = tuple(w.name for w in model.parameters)
    settings = Settings(Falling(0.1), iterations=3, length=3, solved=0.1, reference=1.0, runs=RUNS, rates=(1.0,))
    return Task("small", "Small", "A small network.", model, own, start, draw, names, settings)


def passed(task: Task, network: Network, seed: int = 0) -> tuple[Passed, Mapping[str, Array], Array | None, Array]:
    """One pass of all runs from states that are not zero, and what went into it."""
    rng = np.random.default_rng(seed)
    parameters = task.start(task.settings.runs, rng)
    inputs, targets = task.draw(task.settings.runs, rng)
    return network.run(parameters, inputs, targets, starting(task)), parameters, inputs, targets


def starting(task: Task) -> Array:
    """States before the first step, the same for all sequences and runs."""
    size = value(task.model.main.state.shape[0], task.sizes)
    return np.linspace(-0.5, 0.7, size).reshape(1, size, 1)


def slow_track(
    task: Task, derivation: Derivation, run: int, parameters: Mapping[str, Array], inputs: Array | None, targets: Array
) -> DerivedTrack:
    """One of the runs alone, by the interpreter."""
    model = task.model
    first = starting(task)[0]
    given: dict[Place, Array] = {place(w): _of(parameters[w.name], run) for w in model.parameters}
    for state in model.main.states:
        given[place(state.at(0))] = first[model.main.rows_of(state, task.sizes)]
    for step in range(1, task.sizes[T] + 1):
        for x in model.inputs_of(model.main):
            assert inputs is not None
            given[place(x, {t: step})] = inputs[step - 1, run]
        given[place(model.readout.target, {t: step})] = targets[step - 1, min(run, targets.shape[1] - 1)]
    return DerivedTrack(derivation, unroll(model, given, task.sizes))


def _of(array: Array, run: int) -> Array:
    return array[run, 0] if array.ndim == 4 else array
