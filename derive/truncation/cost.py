"""What a strategy costs on a sequence: vectors carried back through a factor, and steps kept in memory at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.machine import Machine, blocks
from derive.strategy import Strategy
from derive.truncation.decisions import Runs


@dataclass(frozen=True)
class Cost:
    """Means over the runs: ``operations`` is the number of products cᵀ δ of one sequence, ``memory`` the largest number
    of steps that one loss reaches back to, itself counted: their states must be there at once."""

    operations: float
    memory: float


def cost(strategy: Strategy, runs: Runs, losses: Sequence[int]) -> Cost:
    """``losses`` are the steps that have one.

    The backward pass is run with the step of the latest loss in the place of each column, (runs, K), and zero where
    nothing is: columns that survive a link are multiplied by its factor, and a column that is read at step i from a
    loss at step t reaches back t − i + 1 steps.
    """
    machine, own = strategy.machine(runs.steps), frozenset(losses)
    latest = np.zeros((len(runs), machine.width), dtype=int)
    operations, memory = np.zeros(len(runs)), np.zeros(len(runs))
    for step in range(runs.steps, 0, -1):
        if step in own:
            entering = list(machine.enters)
            latest[:, entering] = np.maximum(latest[:, entering], step)
        reaching = latest[:, list(machine.read)].max(axis=1, initial=0)
        memory = np.maximum(memory, np.where(reaching > 0, reaching - step + 1, 0))
        if step > 1:
            latest = _passed(machine, latest, runs.factors[:, step] != 0)
            operations += np.count_nonzero(latest, axis=1)
    return Cost(float(operations.mean()), float(memory.mean()))


def _passed(machine: Machine, latest: Array, is_open: Array) -> Array:
    """Where moves meet in one column, the latest loss stays."""
    found = np.zeros_like(latest)
    for moves, passing in ((machine.kept, 1), (machine.scaled, is_open[:, None])):
        for origins, targets in blocks(moves):
            found[:, targets] = np.maximum(found[:, targets], latest[:, origins] * passing)
    return found
