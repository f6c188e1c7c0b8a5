"""The first gradient of a task: what each strategy makes of it, and from which length on a truncation points right.

All numbers are relative to the full gradient of the trained parameters of the recurrence, on the first sequence of the
first run.  ``along`` is ⟨E G, ∇L⟩/‖∇L‖²: one for an unbiased estimate, negative where a step would go uphill.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array
from derive.strategies.chunks import Chunks
from derive.strategies.full import Full
from derive.strategy import Strategy
from derive.track import Gradients, Track, estimate
from derive.truncation.decisions import Runs, drawn
from derive.truncation.distance import flat
from derive.truncation.lags import by_lag
from verify.training.loop import running, smaller, started
from verify.training.network import Network
from verify.training.seeds import generator
from verify.training.task import Task


@dataclass(frozen=True)
class Estimated:
    """``uncertainty`` is the standard error of ``along``; ``noise`` is √(E‖G − E G‖²)/‖∇L‖."""

    along: float
    uncertainty: float
    noise: float
    estimates: int


@dataclass(frozen=True)
class Reach:
    """``along`` of a sliding window and of chunks of τ = 1 … T steps, (T,) each."""

    windows: Array
    chunks: Array

    @staticmethod
    def right_from(along: Array) -> int | None:
        """The smallest τ from which on the sign is right; None where it is wrong at T."""
        wrong = np.flatnonzero(~(along > 0))
        return 1 if not len(wrong) else None if wrong[-1] == len(along) - 1 else int(wrong[-1]) + 2


class Beginning:
    """The first sequence of the first run, before any step of training."""

    def __init__(self, task: Task, network: Network, seed: int) -> None:
        self.task, self.seed = task, seed
        one = smaller(task, rates=(1.0,))
        parameters = {name: array[0, 0] if array.ndim > 2 else array for name, array in started(one, seed).items()}
        data = generator(seed, "data")
        state = running(one, network, started(one, seed), data)
        inputs, targets = task.draw(task.settings.runs, data)
        first = None if inputs is None else inputs[:, 0]
        self.track: Track = network.run(parameters, first, targets[:, 0], None if state is None else state[0, 0])
        self.names = tuple(name for name in self.track.shapes if name in task.trained)
        self.full = self._estimates(Full(), drawn(Full(), self.track.length, 1, generator(seed, "estimates")))[0]

    def estimated(self, strategy: Strategy, estimates: int = 0) -> Estimated:
        """Over drawn decisions, as many as the task says; one estimate is all there is where nothing is random."""
        count = estimates or self.task.settings.estimates
        runs = drawn(strategy, self.track.length, count, generator(self.seed, "estimates"))
        found = self._relative(strategy, runs)
        along = self._along(found)
        mean = found.mean(axis=0)
        if len(found) == 1:
            return Estimated(float(along[0]), 0.0, 0.0, 1)
        noise = np.sqrt(((found - mean) ** 2).sum() / (len(found) - 1))
        return Estimated(float(along.mean()), float(along.std(ddof=1) / np.sqrt(len(found))), float(noise), len(found))

    def reach(self) -> Reach:
        """Every window from the terms by lag, every chunk as a run of its own in one backward pass."""
        lags = by_lag(self.track, norms=False)
        terms = self._flat(lags.terms)[: self.track.length]
        chunks = [drawn(Chunks(tau), self.track.length, 1, generator(0, "estimates")) for tau in self._lengths]
        together = Runs(np.concatenate([own.cut for own in chunks]), np.concatenate([own.factors for own in chunks]))
        return Reach(
            windows=self._along(np.cumsum(terms, axis=0) / self._size),
            chunks=self._along(self._relative(Chunks(1), together)),
        )

    @property
    def _lengths(self) -> range:
        return range(1, self.track.length + 1)

    @property
    def _size(self) -> float:
        return float(np.linalg.norm(self.full))

    def _estimates(self, strategy: Strategy, runs: Runs) -> Array:
        """A gradient for every run, (runs, p)."""
        return self._flat(estimate(self.track, strategy.machine(self.track.length), runs.by_link))

    def _relative(self, strategy: Strategy, runs: Runs) -> Array:
        return self._estimates(strategy, runs) / self._size

    def _along(self, relative: Array) -> Array:
        return relative @ (self.full / self._size)

    def _flat(self, gradients: Gradients) -> Array:
        return flat(gradients, self.names)
