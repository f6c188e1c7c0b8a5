"""The training loop: run the network, decide where to cut, go back with the strategy's machine, make a step.

Many runs train side by side, on axes in front of the batch: (rates, runs, B, n, 1).  They differ by their starts, their
data and their decisions; every strategy gets the same three.  The decisions are made once for a whole batch, as a
program that detaches a state does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from derive.arithmetic import Array
from derive.strategy import Strategy
from derive.truncation.decisions import drawn
from verify.training.network import Network
from verify.training.optimisers import Memory
from verify.training.seeds import Generator, generator
from verify.training.steps import Arrays
from verify.training.task import Task

STOPPED = 1000.0
"""A run is stopped where its loss is not finite, or that many times the reference."""


@dataclass(frozen=True)
class Losses:
    """``values`` (iterations, rates, runs) are the losses before each step, NaN after a run was stopped;
    ``parameters`` are the last ones, (rates, runs, 1, rows, columns)."""

    strategy: Strategy
    values: Array
    parameters: Arrays


_AHEAD = 50


def train(task: Task, network: Network, strategy: Strategy, seed: int = 0) -> Losses:
    """All runs at all rates.  The same seed gives the same numbers."""
    settings = task.settings
    data, decisions = generator(seed, "data"), generator(seed, "decisions")
    parameters = started(task, seed)
    rates = np.array(settings.rates).reshape(-1, 1, 1, 1, 1)
    alive = np.ones((len(settings.rates), settings.runs), dtype=bool)
    values = np.full((settings.iterations, *alive.shape), np.nan)
    cuts = decided(strategy, task, decisions)
    machine, memory, state = strategy.machine(task.steps), Memory(), running(task, network, parameters, data)
    for iteration in range(1, settings.iterations + 1):
        with np.errstate(all="ignore"):  # a run that diverges overflows before it is stopped
            passed = network.run(parameters, *task.draw(settings.runs, data), state)
            loss = np.broadcast_to(passed.loss, alive.shape)
            alive = alive & (loss < STOPPED * settings.reference)
            values[iteration - 1] = np.where(alive, loss, np.nan)
            found = {**passed.estimate(machine, next(cuts), task.trained), **passed.readout_gradients()}
            gradients = {name: found[name][..., None, :, :] for name in task.trained}
            steps = settings.optimiser.step(gradients, iteration, memory)
        for name, step in steps.items():
            parameters[name] = parameters[name] + np.where(alive[..., None, None, None], rates * step, 0.0)
        state = passed.last if task.stream else None
        if not alive.any():
            break
    return Losses(strategy, values, parameters)


def running(task: Task, network: Network, parameters: Arrays, data: Generator) -> Array | None:
    """Where a stream is when training begins: after one sequence, so that the first one is like all others."""
    return network.run(parameters, *task.draw(task.settings.runs, data)).last if task.stream else None


def decided(strategy: Strategy, task: Task, rng: Generator) -> Iterator[list[Array]]:
    """The factors of every link in one iteration after the other, (runs, 1, 1, 1) each; drawn for many at once."""
    runs = task.settings.runs
    while True:
        several = drawn(strategy, task.steps, _AHEAD * runs, rng)
        for first in range(0, _AHEAD * runs, runs):
            own = several.factors[first : first + runs] if len(several) > 1 else several.factors
            yield [own[:, link].reshape(-1, 1, 1, 1) for link in range(task.steps + 1)]


def started(task: Task, seed: int) -> Arrays:
    """The parameters before training; those that are trained have an axis for the rates."""
    found = task.start(task.settings.runs, generator(seed, "start"))
    rates = len(task.settings.rates)
    return {
        name: np.broadcast_to(array, (rates, *array.shape)).copy() if name in task.trained else array
        for name, array in found.items()
    }


def smaller(task: Task, **settings: object) -> Task:
    """The same task with other settings: fewer runs, fewer iterations."""
    return replace(task, settings=replace(task.settings, **settings))  # type: ignore[arg-type]
