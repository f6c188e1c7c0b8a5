"""How steep the activations are where the network runs: what φ′ does to the chain, before any product is formed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.evaluate import evaluate
from derive.expr import Node
from derive.growth.chain import Chain
from derive.growth.trajectory import NOW
from derive.nonlinear import Map

SHARE = 0.1
"""A unit counts as saturated where its slope is below this share of the steepest."""


@dataclass(frozen=True)
class Saturation:
    """Of one sequence and one quantity: over all steps and units, the mean |φ′|, and the shares of slopes that are
    below a tenth of the steepest (None where that is not known) and exactly zero."""

    name: str
    function: str
    mean: float
    saturated: float | None
    dead: float


def saturations(chain: Chain, *, sequence: int = 0) -> tuple[Saturation, ...]:
    """One for every elementwise function of the recurrence whose slope is not constant."""
    slopes = tuple(_slopes(chain))
    totals = {name: np.zeros(4) for name, *_ in slopes}
    for window in chain.trajectory.forward():
        for name, slope, steepest in slopes:
            values = np.abs(evaluate(slope, window, NOW)[:, min(sequence, chain.batch - 1)])
            below = float(np.sum(values < SHARE * steepest)) if steepest is not None else np.nan
            totals[name] += (values.sum(), below, np.sum(values == 0), values.size)
    return tuple(_summary(name, slope, totals[name]) for name, slope, _ in slopes)


def _summary(name: str, slope: Node, total: Array) -> Saturation:
    mean, saturated, dead = (float(x) for x in total[:3] / total[3])
    return Saturation(name, slope.args[0].name.rstrip("'"), mean, None if np.isnan(saturated) else saturated, dead)


def _slopes(chain: Chain) -> Iterator[tuple[str, Node, float | None]]:
    for equation in chain.trajectory.phase.equations:
        expression = equation.expression
        if isinstance(expression, Map) and not expression.function.slope.is_number:
            steepest = expression.function.steepest
            slope = Map(expression.function.derivative, expression.body)
            yield equation.target.name, slope, None if steepest is None else float(steepest)
