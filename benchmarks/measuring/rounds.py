"""Times: medians of rounds in which everybody has a turn, so that a busy machine disturbs all of them alike."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True)
class Budget:
    """``seconds`` for all rounds of one comparison, and how many rounds at least and at most."""

    seconds: float
    few: int = 3
    many: int = 60
    slow: float = 10.0
    """Who takes longer than this is measured once."""
    block: float = 0.01
    """A turn is as many calls as take about this long: who is fast is called again and again, as in a loop."""
    warm: bool = True
    """Whether a first call of each, which is not counted, comes before the rounds."""
    brief: float = 0.1
    """Who is quicker begins each turn with a call that is not counted: the caches are full of the data of others."""


def medians(works: Mapping[str, Work], budget: Budget, before: Work | None = None) -> dict[str, float]:
    """Of each, in seconds a call; the first call of each is not counted, but for the slow ones.

    ``before`` each call something may be done that is not timed, such as forgetting what was computed.
    """
    with _old_heap_apart():
        firsts = {name: seconds(work, 1, before) for name, work in works.items()} if budget.warm else {}
        again = {name: work for name, work in works.items() if firsts.get(name, 0.0) < budget.slow}
        calls = {name: 1 if before or not budget.warm else _calls(work, budget.block) for name, work in again.items()}
        taken: dict[str, list[float]] = {name: [] for name in again}
        end, rounds = time.perf_counter() + budget.seconds, 0
        while again and (rounds < budget.few or (rounds < budget.many and time.perf_counter() < end)):
            for name, work in again.items():
                if firsts.get(name, budget.brief) < budget.brief:
                    work()
                taken[name].append(seconds(work, calls[name], before))
            rounds += 1
    return firsts | {name: statistics.median(own) for name, own in taken.items()}


def seconds(work: Work, calls: int = 1, before: Work | None = None) -> float:
    """A call, in the mean of some."""
    if before is not None:
        before()
    gc.collect()
    begun = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - begun) / calls


def _calls(work: Work, block: float) -> int:
    return max(1, round(block / max(seconds(work), 1e-7)))


@contextmanager
def _old_heap_apart() -> Iterator[None]:
    """The garbage collector stays on, and looks through what is made from now on: nobody pays for others' objects."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
