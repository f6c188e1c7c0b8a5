"""What a strategy costs on a sequence: vectors carried back through a factor, and steps kept in memory at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.strategy import Machine, Strategy
from derive.truncation.decisions import Runs


@dataclass(frozen=True)
class Cost:
    """Means over the runs: ``operations`` is the number of products cᵀ δ of one sequence, ``memory`` the largest number
    of steps that one loss reaches back to, itself counted: their states must be there at once."""

    operations: float
    memory: float


def cost(strategy: Strategy, runs: Runs, losses: Sequence[int]) -> Cost:
    """``losses`` are the steps that have one."""
    machine = strategy.machine(runs.steps)
    return Cost(
        float(_operations(machine, runs, frozenset(losses)).mean()), float(_memory(machine, runs, losses).mean())
    )


def _operations(machine: Machine, runs: Runs, losses: frozenset[int]) -> Array:
    """Columns that survive each link: only those are multiplied by its factor."""
    alive = np.zeros((len(runs), machine.width), dtype=int)
    count = np.zeros(len(runs))
    for link in range(runs.steps, 1, -1):
        if link in losses:
            alive[:, list(machine.enters)] = 1
        alive = np.minimum(_passed(machine, alive, runs.factors[:, link] != 0), 1)
        count += alive.sum(axis=1)
    return count


def _memory(machine: Machine, runs: Runs, losses: Sequence[int]) -> Array:
    """For every loss, how many links back anything of it is still read."""
    if machine.width == 1:
        return _since_cut(runs, losses)
    last = np.array(sorted(losses))
    alive = np.zeros((len(runs), len(last), machine.width), dtype=int)
    alive[..., list(machine.enters)] = 1
    longest = np.ones(len(runs))
    for lag in range(1, runs.steps):
        link = np.maximum(last - lag + 1, 1)
        open_ = (runs.factors[:, link] != 0) & (last - lag >= 1)
        moved = np.minimum(_passed(machine, alive, open_), 1) * (last - lag >= 1)[:, None]
        if not moved.any():
            break
        alive = moved
        longest = np.where(alive[..., list(machine.read)].any(axis=(1, 2)), lag + 1, longest)
    return longest


def _since_cut(runs: Runs, losses: Sequence[int]) -> Array:
    """Of a single column: as far as the last cut."""
    steps = np.arange(runs.steps + 1)
    first = np.maximum.accumulate(np.where(runs.factors == 0, steps, 1), axis=1)
    return np.asarray((steps - first + 1)[:, sorted(losses)].max(axis=1), dtype=float)


def _passed(machine: Machine, alive: Array, open_: Array) -> Array:
    return machine.passed(alive, open_[..., None].astype(int))
