"""The decisions of a strategy along a sequence: drawn at random, or all of them with their probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from derive.arithmetic import Array
from derive.errors import InputError
from derive.strategy import Strategy

MOST_LINKS = 15
"""All patterns of more decisions are not written out: there are 2¹⁵ = 32768."""


@dataclass(frozen=True)
class Runs:
    """``cut`` and ``factors`` are (runs, N + 1): whether the link from step j to j − 1 is cut, and its ξ_j, floats or
    Fractions.  Link 1, to the initial state, is never cut.  ``probability`` is exact where all runs are there."""

    cut: Array
    factors: Array
    probability: tuple[Fraction, ...] = ()

    def __len__(self) -> int:
        return len(self.cut)

    @property
    def steps(self) -> int:
        return int(self.cut.shape[1]) - 1

    @cached_property
    def by_link(self) -> list[Array]:
        """The factors of each link, (runs, 1, 1, 1): what a backward pass with runs in front takes."""
        return [self.factors[:, link].reshape(-1, 1, 1, 1) for link in range(self.steps + 1)]

    def lengths(self, run: int) -> tuple[int, ...]:
        """The lengths of the chunks that a run is cut into."""
        borders = [0, *(int(link) - 1 for link in np.flatnonzero(self.cut[run])), self.steps]
        return tuple(int(length) for length in np.diff(borders))


def drawn(strategy: Strategy, steps: int, runs: int, rng: np.random.Generator) -> Runs:
    """Independent runs; one is enough of a strategy that leaves nothing to chance."""
    count = runs if strategy.is_random else 1
    chances = np.array([0.0, *(float(strategy.chance(age)) for age in range(1, steps + 1))])
    kept, lost = (np.array([1.0, *(float(strategy.factor(cut, age)) for age in range(1, steps + 1))])
                  for cut in (False, True))  # fmt: skip
    cut, factors = np.zeros((count, steps + 1), dtype=bool), np.ones((count, steps + 1))
    age = np.zeros(count, dtype=int)
    for link in range(2, steps + 1):
        age = age + 1
        cut[:, link] = rng.random(count) < chances[age]
        factors[:, link] = np.where(cut[:, link], lost[age], kept[age])
        age = np.where(cut[:, link], 0, age)
    return Runs(cut, factors)


def every(strategy: Strategy, steps: int) -> Runs:
    """All runs that can happen, with exact factors.  Raises InputError where there are too many."""
    if strategy.is_random and steps - 1 > MOST_LINKS:
        raise InputError(
            f"{steps} steps have 2^{steps - 1} patterns of cuts", mend=f"take at most {MOST_LINKS + 1} steps"
        )
    found = list(_patterns(strategy, steps))
    cut = np.zeros((len(found), steps + 1), dtype=bool)
    factors = np.full((len(found), steps + 1), Fraction(1), dtype=object)
    for run, (pattern, values, _) in enumerate(found):
        cut[run, 2:], factors[run, 2:] = pattern, values
    return Runs(cut, factors, tuple(probability for _, _, probability in found))


Pattern = tuple[tuple[bool, ...], tuple[Fraction, ...], Fraction]


def _patterns(strategy: Strategy, steps: int) -> Iterator[Pattern]:
    """Depth first, so that the age is that of the pattern so far."""
    waiting: list[tuple[int, int, Pattern]] = [(2, 1, ((), (), Fraction(1)))]
    while waiting:
        link, age, (cuts, factors, probability) = waiting.pop()
        if link > steps:
            yield cuts, factors, probability
            continue
        chance = strategy.chance(age)
        for cut, likely in ((True, chance), (False, 1 - chance)):
            if likely:
                found = ((*cuts, cut), (*factors, strategy.factor(cut, age)), probability * likely)
                waiting.append((link + 1, 1 if cut else age + 1, found))
