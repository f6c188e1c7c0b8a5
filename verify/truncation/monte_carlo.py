"""Seeded Monte Carlo: the mean of many estimates, seen along the full gradient, within an interval of confidence.

The number that is estimated is ⟨G, ∇L⟩/⟨∇L, ∇L⟩, one for an unbiased estimator.  Its variance is not taken from the
sample, which of a heavy-tailed estimator may have missed the rare large ones, but computed (``moments`` along one
direction), so the interval is as wide as it has to be.  (Where there is no closed form of it, it is the sample's.)

What is estimated is the median of the means of nine groups of runs.  By Chebyshev the mean of a group is off by more
than four of its standard deviations with a probability of at most 1/16, and the median is off by more only if five of
the nine are: Σ_{k≥5} C(9, k) 16^{−k} (15/16)^{9−k} < 10⁻⁴, whatever the distribution is.  A normal one is not assumed:
where rare runs carry much of the mean, the central limit theorem would promise too narrow an interval.
An interval that is wider than the gradient itself decides nothing, and is not called agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.machine import Machine
from derive.strategy import Strategy
from derive.track import Track, carried
from derive.truncation.decisions import Runs, drawn
from derive.truncation.distance import flat
from derive.truncation.moments import forgets, moments
from derive.truncation.shares import Along
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "Monte Carlo"
_FEWEST, _MOST, _WORK = 2000, 20000, 2e7
"""Runs, and numbers that are carried back in all of them."""
GROUPS = 9
_WIDTH = 4.0
"""Standard deviations of the mean of a group: 99.99 % for the median of nine."""
_AT_ONCE = 1 << 22
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Sampled:
    """⟨G, ∇L⟩/⟨∇L, ∇L⟩ over the runs: the median of the means of nine groups, half the width of its interval, and the
    exact expectation (NaN where there is no closed form)."""

    strategy: Strategy
    runs: int
    mean: float
    half_width: float
    expected: float
    seed: int

    @property
    def contains_one(self) -> bool:
        return abs(self.mean - 1) <= self.half_width + _ROUNDING

    def finding(self) -> Finding:
        """About the claim that the strategy is unbiased."""
        claim = f"unbiased.{self.strategy.name}"
        interval = f"{self.mean:.6g} ± {self.half_width:.2g} (99.99 %, {self.runs} runs, seed {self.seed})"
        if not self.half_width < 1:
            reason = f"the interval {interval} is wider than the gradient: so few runs can tell nothing"
            return Finding(claim, EVIDENCE, Verdict.NOT_RUN, reason=reason)
        if self.contains_one:
            return Finding(
                claim, EVIDENCE, Verdict.AGREED, error=abs(self.mean - 1), tolerance=self.half_width + _ROUNDING,
                reason=f"the mean along the full gradient is {interval}, which contains 1",
            )  # fmt: skip
        where = f"the mean along the full gradient, {self.runs} runs, seed {self.seed}"
        return Finding(claim, EVIDENCE, Verdict.REFUTED, witness=Witness(where, "1", interval))


def sampled(
    track: Track,
    strategy: Strategy,
    full: Mapping[str, Array],
    *,
    runs: int | None = None,
    seed: int = 0,
    along: Along | None = None,
) -> Sampled | None:
    """At least nine runs, one a group.  None where the full gradient has no direction: zero, or of a size whose square
    is no number (below 1e-160, above 1e150), see ``derive.truncation.rescaled``.  ``along`` may be handed on between
    strategies."""
    direction = flat(full, track.shapes)
    square = float(direction @ direction)
    if not square or not np.isfinite(square):
        return None
    rng = np.random.default_rng(seed)
    wanted = max(runs or _affordable(track), GROUPS) if strategy.is_random else 1
    along = along or Along(track, full)
    machine = strategy.machine(track.length)
    at_once = max(1, _AT_ONCE // (track.seed(1).size * machine.width))
    values: list[Array] = []
    while (have := sum(map(len, values))) < wanted:
        some = drawn(strategy, track.length, min(at_once, wanted - have), rng)
        values.append(np.broadcast_to(_products(track, machine, some, along) / square, len(some)))
    every = np.concatenate(values)
    expected, deviation = _moments(track, strategy, along, square, every)
    groups = np.array_split(every, min(GROUPS, len(every)))
    found = float(np.median([group.mean() for group in groups]))
    return Sampled(strategy, len(every), found, _WIDTH * deviation / np.sqrt(len(groups[-1])), expected, seed)


def _affordable(track: Track) -> int:
    return int(np.clip(_WORK / (track.length * track.seed(1).size), _FEWEST, _MOST))


def _moments(track: Track, strategy: Strategy, along: Along, square: float, sample: Array) -> tuple[float, float]:
    if strategy.is_random and not forgets(strategy, track.length):
        return float("nan"), float(sample.std())
    exact = moments(track, strategy, shares=along)
    variance = max(exact.variance["along"].item(), 0.0)
    return float(exact.mean["along"].item()) / square, float(np.sqrt(variance)) / square


def _products(track: Track, machine: Machine, runs: Runs, along: Along) -> Array:
    """⟨G, ∇L⟩ of every run: only numbers are kept, no gradients."""
    total: Array = np.zeros(1)
    for own in carried(track, machine, runs.by_link):
        if not own.initial:
            total = total + (machine.result(own.columns) * along[own.step]).sum(axis=(-3, -2, -1))
    return total
