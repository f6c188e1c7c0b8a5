"""What came out of training: all tasks with all strategies, computed once in a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from threadpoolctl import threadpool_limits

from derive.strategies.chunks import Chunks
from derive.strategies.window import Window
from derive.strategy import Strategy
from derive.truncation.study import families
from verify.training.beginning import Beginning, Reach
from verify.training.loop import smaller, train
from verify.training.network import Network
from verify.training.outcome import Outcome, outcome
from verify.training.task import Task, names, task

Progress = Callable[[str], None]
FEW = 5
_BELOW, _ABOVE = 0.8, 1.25
_KNOWN: dict[tuple[str, int], Experiment] = {}


@dataclass(frozen=True)
class Experiment:
    """A task with all strategies at one mean length, and the strategies of other lengths in ``more``, with one rate."""

    task: Task
    seed: int
    compared: tuple[Outcome, ...]
    more: tuple[Outcome, ...]
    reach: Reach

    @cached_property
    def groups(self) -> tuple[tuple[Outcome, ...], ...]:
        """Strategies whose runs are the same are told together."""
        found: list[list[Outcome]] = []
        for own in self.compared:
            same = next((group for group in found if np.array_equal(group[0].curves, own.curves)), None)
            if same is None:
                found.append([own])
            else:
                same.append(own)
        return tuple(map(tuple, found))

    def of(self, family: str) -> Outcome:
        """By the name under which a strategy is registered."""
        return next(own for own in self.compared if own.strategy.name == family)


def experiments(
    chosen: Sequence[str] | None = None, seed: int = 0, progress: Progress = lambda what: None
) -> tuple[Experiment, ...]:
    """The chosen tasks, all of them unless some are named.  Raises InputError for a name that is not there."""
    return tuple(experiment(name, seed, progress) for name in (names() if chosen is None else chosen))


def experiment(name: str, seed: int = 0, progress: Progress = lambda what: None) -> Experiment:
    """One task with its own settings, computed once."""
    if (name, seed) not in _KNOWN:
        _KNOWN[name, seed] = performed(task(name), seed, progress)
    return _KNOWN[name, seed]


def performed(own: Task, seed: int = 0, progress: Progress = lambda what: None) -> Experiment:
    """Every strategy on one task, strategies of one law once.  One thread of BLAS multiplies small matrices."""
    with threadpool_limits(limits=1, user_api="blas"):
        network = Network(own)
        beginning = Beginning(own, network, seed)
        known: dict[object, Outcome] = {}

        def trained(of: Task, strategy: Strategy) -> Outcome:
            key = (of is own, law(strategy, own.steps))
            if key not in known:
                progress(f"{own.title}: {strategy.label}")
                known[key] = outcome(of, train(of, network, strategy, seed), beginning, seed)
            return replace(known[key], strategy=strategy)

        few = smaller(own, runs=min(FEW, own.settings.runs), rates=own.settings.rates[:1])
        reach = beginning.reach()
        compared = tuple(trained(own, family.of_length(own.settings.length)) for family in families())
        more = tuple(trained(few, strategy) for strategy in _around(reach))
        return Experiment(own, seed, compared, more, reach)


def law(strategy: Strategy, steps: int) -> object:
    """All that decides about the weights: two strategies of one law are one, whatever they are called."""
    ages = range(1, steps + 1)
    by_age = tuple((strategy.chance(age), strategy.factor(False, age), strategy.factor(True, age)) for age in ages)
    return strategy.machine(steps), by_age


def _around(reach: Reach) -> Iterator[Strategy]:
    """Windows and chunks on both sides of the length from which on they point the right way, where there is one."""
    for family, along in ((Window, reach.windows), (Chunks, reach.chunks)):
        turn = Reach.right_from(along)
        if turn is not None and turn > 1:
            yield family(round(_BELOW * turn))
            yield family(min(round(_ABOVE * turn), (turn + len(along)) // 2))
