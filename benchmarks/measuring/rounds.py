"""Times: medians of rounds in which everybody has a turn, so that a busy machine disturbs all of them alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Budget:
    """``seconds`` for all rounds of one comparison, and how many rounds at least and at most."""

    seconds: float
    few: int = 3
    many: int = 60
    slow: float = 2.0
    """Who takes longer than this is measured once."""
    block: float = 0.01
    """A turn is as many calls as take about this long: who is fast is called again and again, as in a loop."""


def medians(works: Mapping[str, Work], budget: Budget) -> dict[str, float]:
    """Of each, in seconds a call; the first call of each is not counted, but for the slow ones."""
    firsts = {name: seconds(work) for name, work in works.items()}
    again = {name: work for name, work in works.items() if firsts[name] < budget.slow}
    calls = {name: _calls(work, budget.block) for name, work in again.items()}
    taken: dict[str, list[float]] = {name: [] for name in again}
    end, rounds = time.perf_counter() + budget.seconds, 0
    while again and (rounds < budget.few or (rounds < budget.many and time.perf_counter() < end)):
        for name, work in again.items():
            taken[name].append(seconds(work, calls[name]))
        rounds += 1
    return firsts | {name: statistics.median(own) for name, own in taken.items()}


def _calls(work: Work, block: float) -> int:
    return max(1, round(block / max(seconds(work), 1e-7))) if block else 1


def seconds(work: Work, calls: int = 1) -> float:
    """A call, in the mean of some."""
    gc.collect(0)
    begun = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - begun) / calls
