"""Seeded Monte Carlo: the mean of many estimates, seen along the full gradient, with an interval of confidence.

The number that is estimated is ⟨G, ∇L⟩/⟨∇L, ∇L⟩, one for an unbiased estimator.  Its variance is not taken from the
sample, which of a heavy-tailed estimator may have missed the rare large ones, but computed (``moments`` along one
direction), so the interval is as wide as it has to be.  (Where there is no closed form of it, it is the sample's.)
An interval that is wider than the gradient itself decides nothing, and is not called agreement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.strategy import Machine, Strategy
from derive.track import Track, carried
from derive.truncation.decisions import Runs, drawn
from derive.truncation.distance import flat
from derive.truncation.moments import forgets, moments
from derive.truncation.shares import Along
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "Monte Carlo"
RUNS = 2000
_WIDTH = 3.89
"""Standard deviations of a two-sided interval of 99.99 %, by the central limit theorem."""
_AT_ONCE = 1 << 22
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Sampled:
    """The mean of ⟨G, ∇L⟩/⟨∇L, ∇L⟩ over the runs, half the width of its interval, and its exact expectation (NaN where
    there is no closed form)."""

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
            reason = f"{interval} is wider than the gradient: so few runs can tell nothing"
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
    runs: int = RUNS,
    seed: int = 0,
    along: Along | None = None,
) -> Sampled | None:
    """None where the full gradient has no direction: zero, or of a size (below 1e-160, above 1e150) whose square is no
    number, see ``derive.truncation.rescaled``.  ``along`` may be handed on between strategies."""
    direction = flat(full, track.shapes)
    square = float(direction @ direction)
    if not square or not np.isfinite(square):
        return None
    rng = np.random.default_rng(seed)
    wanted = runs if strategy.is_random else 1
    along = along or Along(track, full)
    machine = strategy.machine(track.length)
    at_once = max(1, _AT_ONCE // (track.seed(1).size * machine.width))
    values: list[Array] = []
    while (have := sum(map(len, values))) < wanted:
        found = drawn(strategy, track.length, min(at_once, wanted - have), rng)
        values.append(np.broadcast_to(_products(track, machine, found, along) / square, len(found)))
    every = np.concatenate(values)
    expected, deviation = _moments(track, strategy, along, square, every)
    return Sampled(strategy, len(every), float(every.mean()), _WIDTH * deviation / np.sqrt(len(every)), expected, seed)


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
