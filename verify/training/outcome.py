"""What came of one strategy: loss curves, where they end, what they cost, and what the first gradient was."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from derive.arithmetic import Array
from derive.indices import value
from derive.strategy import Strategy
from derive.truncation.cost import Cost, cost
from derive.truncation.decisions import drawn
from verify.training.beginning import Beginning, Estimated
from verify.training.loop import Losses
from verify.training.seeds import generator
from verify.training.task import Task

POINTS = 50
_LAST = 0.05
_SAMPLE = 200
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Outcome:
    """One strategy.  ``curves`` (points, rates, runs) are mean losses around the iterations of ``at``, ∞ after a run
    was stopped; ``final`` (rates, runs) are the means of the last twentieth, ``first`` those of the first iteration."""

    strategy: Strategy
    at: Array
    curves: Array
    first: Array
    final: Array
    threshold: float
    cost: Cost
    beginning: Estimated

    @property
    def runs(self) -> int:
        return int(self.final.shape[1])

    def quartiles(self, rate: int = 0) -> tuple[float, float, float]:
        """Of the final loss, values that occurred; ∞ for runs that were stopped."""
        low, middle, high = quantiles(self.final[rate])
        return float(low), float(middle), float(high)

    def solved(self, rate: int = 0) -> int:
        """Runs that end below the task's threshold."""
        return int((self.final[rate] < self.threshold).sum())

    def diverged(self, rate: int = 0) -> int:
        """Runs that were stopped, or end above twice the loss that they began with."""
        return int((~(self.final[rate] <= 2 * self.first[rate])).sum())

    def stopped(self, rate: int = 0) -> int:
        """Runs that were not let go on."""
        return int(np.isinf(self.final[rate]).sum())


def outcome(task: Task, losses: Losses, beginning: Beginning, seed: int) -> Outcome:
    """Losses thinned, with the numbers beside them."""
    values = np.where(np.isnan(losses.values), np.inf, losses.values)
    at, curves = thinned(values)
    last = max(1, round(_LAST * len(values)))
    settings = task.settings
    return Outcome(
        losses.strategy,
        at,
        curves,
        first=values[0],
        final=values[-last:].mean(axis=0),
        threshold=settings.solved * settings.reference,
        cost=_cost(task, losses.strategy, seed),
        beginning=beginning.estimated(losses.strategy),
    )


def thinned(values: Array, points: int = POINTS) -> tuple[Array, Array]:
    """Iterations (from one) and means over blocks of at most equal length around them."""
    edges = np.unique(np.rint(np.linspace(0, len(values), min(points, len(values)) + 1)).astype(int))
    blocks = [values[a:b].mean(axis=0) for a, b in pairwise(edges)]
    return (edges[:-1] + edges[1:] + 1) / 2, np.stack(blocks)


def quantiles(values: Array) -> Array:
    """The quartiles over the last axis, as values that occur: between ∞ and ∞ there is nothing."""
    return np.quantile(values, QUARTILES, axis=-1, method="inverted_cdf")


def _cost(task: Task, strategy: Strategy, seed: int) -> Cost:
    first, last = (value(limit, task.sizes) for limit in (task.model.wiring.first, task.model.wiring.last))
    runs = drawn(strategy, task.steps, _SAMPLE, generator(seed, "estimates"))
    return cost(strategy, runs, range(first, last + 1))
