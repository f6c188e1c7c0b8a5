"""Operations and memory, against counting on the weights themselves."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from derive import registry
from derive.machine import Machine
from derive.strategies.window import Window
from derive.strategy import Strategy
from derive.truncation.cost import cost
from derive.truncation.decisions import Runs, drawn
from derive.truncation.study import PACKAGE
from tests.truncation.core.contract import matrix


def counted_memory(strategy: Strategy, factors: list[Fraction], losses: tuple[int, ...]) -> int:
    """The largest t − min{i : ω(t, i) ≠ 0} + 1."""
    return max(
        late - min(early for early in range(1, late + 1) if strategy.weight(late, early, factors)) + 1
        for late in losses
    )  # fmt: skip


def counted_operations(machine: Machine, factors: list[Fraction], losses: tuple[int, ...], steps: int) -> int:
    """Columns that are not zero behind each link; the errors are drawn, so that nothing cancels."""
    columns, rng, count = np.zeros(machine.width), np.random.default_rng(0), 0
    for link in range(steps, 1, -1):
        if link in losses:
            columns[list(machine.enters)] += rng.uniform(1, 2)
        columns = columns @ matrix(machine, factors[link]).astype(float)
        count += int(np.count_nonzero(columns))
    return count


@pytest.mark.parametrize("losses", [(8,), (3, 8), tuple(range(1, 9)), (1,), (2, 5, 6)], ids=str)
@pytest.mark.parametrize("name", registry.names(PACKAGE))
@pytest.mark.parametrize("length", [2, 4, 20])
def test_counted(name: str, length: int, losses: tuple[int, ...]) -> None:
    strategy: Strategy = registry.load(PACKAGE, name, "strategy").STRATEGY.of_length(length)
    runs = drawn(strategy, 8, 25, np.random.default_rng(2))
    for own in range(len(runs)):
        alone = Runs(runs.cut[own : own + 1], runs.factors[own : own + 1])
        factors = [Fraction(value) for value in runs.factors[own]]
        found = cost(strategy, alone, losses)
        assert found.memory == counted_memory(strategy, factors, losses)
        assert found.operations == counted_operations(strategy.machine(8), factors, losses, 8)
    mean = cost(strategy, runs, losses)
    each = [cost(strategy, Runs(runs.cut[k : k + 1], runs.factors[k : k + 1]), losses) for k in range(len(runs))]
    assert mean.memory == pytest.approx(np.mean([own.memory for own in each]))
    assert mean.operations == pytest.approx(np.mean([own.operations for own in each]))


@pytest.mark.parametrize("tau", [1, 3, 7])
def test_a_window_walks_back_for_every_loss(tau: int) -> None:
    """τ − 1 links each, fewer at the beginning."""
    runs = drawn(Window(tau), 20, 1, np.random.default_rng(0))
    found = cost(Window(tau), runs, range(1, 21))
    assert (found.operations, found.memory) == (sum(min(tau, t) - 1 for t in range(1, 21)), tau)
