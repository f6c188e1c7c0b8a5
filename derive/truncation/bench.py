"""Strategies measured on one track: bias, variance and cost, exactly where that can be afforded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from derive.derivation import Derivation
from derive.indices import value
from derive.strategy import Strategy
from derive.track import Gradients, estimate
from derive.truncation.cost import Cost, cost
from derive.truncation.decisions import Runs, drawn
from derive.truncation.derived_track import DerivedTrack
from derive.truncation.distance import Distance, distance, norm
from derive.truncation.moments import WORK, forgets, moments, work
from derive.truncation.rescaled import rescaled
from derive.truncation.shares import Shares

_SAMPLE, _FEW = 256, 64
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Measured:
    """One strategy on this network.  ``bias`` is of its mean, and ``deviation`` is √(E‖G − E G‖²)/‖∇L‖, both exact.

    On a network too large for that ``runs`` were drawn: the bias is then not known (NaN), and the deviation is from the
    full gradient.  ``size`` is the mean length of the pieces that was asked for.
    """

    strategy: Strategy
    size: int
    bias: Distance
    deviation: float
    cost: Cost
    runs: int = 0
    by_parameter: Mapping[str, Distance] | None = None

    @property
    def error(self) -> float:
        """√(bias² + variance), relative to the full gradient: the root of the mean squared error."""
        return self.deviation if self.runs else float(np.hypot(self.bias.relative, self.deviation))

    @property
    def has_no_bias(self) -> bool:
        """Whether it is declared to have none, and what was measured is rounding."""
        return self.strategy.unbiased and self.bias.relative < _ROUNDING


_Found = tuple[Distance, float, int, Mapping[str, Distance] | None]


class Bench:
    """Measures strategies on one track: exactly where that can be afforded."""

    def __init__(self, track: DerivedTrack, derivation: Derivation, full: Gradients, seed: int) -> None:
        self.seed = seed
        self.track, self.full = rescaled(track, full)
        self.shares = Shares(self.track)
        self._known: dict[object, _Found] = {}
        self.is_exact = work(track) <= WORK
        model, sizes = derivation.model, track.table.sizes
        skipped = track.length - track.segments[-1].last + track.segments[-1].first - 1
        first, last = (value(limit, sizes) for limit in (model.wiring.first, model.wiring.last))
        self.losses = range(skipped + first, skipped + last + 1)
        self.norm = norm(self.full, self.full)

    def measured(self, strategy: Strategy, size: int, *, parts: bool = False) -> Measured:
        rng = np.random.default_rng(self.seed)
        runs = drawn(strategy, self.track.length, _SAMPLE if parts or self.is_exact else _FEW, rng)
        law = (_law(strategy, self.track.length), len(runs), parts)
        if law not in self._known:
            is_drawn = not (self.is_exact and forgets(strategy, self.track.length)) if strategy.is_random else False
            self._known[law] = self._drawn(strategy, runs) if is_drawn else self._exactly(strategy, parts)
        bias, deviation, count, each = self._known[law]
        return Measured(strategy, size, bias, deviation, cost(strategy, runs, self.losses), count, each)

    def _exactly(self, strategy: Strategy, parts: bool) -> _Found:
        found = moments(self.track, strategy, shares=self.shares)
        error = {name: found.mean[name] - self.full[name] for name in self.full}
        each = {name: distance(error, self.full, [name]) for name in self.full} if parts else None
        return distance(error, self.full, self.full), self._relative(float(found.total_variance)), 0, each

    def _drawn(self, strategy: Strategy, runs: Runs) -> _Found:
        estimates = estimate(self.track, strategy.machine(self.track.length), runs.by_link)
        squares = sum(((estimates[name] - full) ** 2).sum(axis=(-2, -1)) for name, full in self.full.items())
        unknown = Distance(float("nan"), float("nan"))
        return unknown, self._relative(float(np.mean(squares))), len(runs), None

    def _relative(self, square: float) -> float:
        """Of a gradient that is zero any deviation is infinitely large."""
        size = float(np.sqrt(max(square, 0.0)))
        return size / self.norm if self.norm else float("inf") if size else 0.0


def _law(strategy: Strategy, steps: int) -> object:
    """The same for two strategies that are one estimator: ARTBP and the recursive randomised truncation."""
    ages = range(1, steps + 1)
    chances = tuple(strategy.chance(age) for age in ages)
    return strategy.machine(steps), chances, tuple(strategy.factor(cut, age) for age in ages for cut in (True, False))
