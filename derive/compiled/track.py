"""A run of compiled code as a chain: what a strategy of truncation needs of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from derive.arithmetic import Array
from derive.compiled.run import Run
from derive.indices import value
from derive.run import name_of
from derive.track import Arrived, Gradients, Track
from derive.unroll import weight


class CompiledTrack(Track):
    """Carries columns back by the generated step, and gathers the shares of all steps in one call."""

    def __init__(self, run: Run) -> None:
        self.run, self.length = run, run.length
        model = run.program.model
        self.shapes = {
            w.name: (value(w.shape[0], run.sizes), value(w.shape[1], run.sizes)) for w in model.main.parameters
        }
        self._initial = {name_of(start): run.rows[start.name] for start in model.main.given_initially}
        self._weight = float(weight(model, run.sizes))

    def seed(self, step: int) -> Array:
        return self.run.seed(step)

    def back(self, step: int, columns: Array) -> Array:
        return self.run.back(step, columns)

    def initial(self, step: int) -> Mapping[str, slice]:
        return self._initial if step == 1 else {}

    def at_start(self, delta: Array) -> Array:
        return self._weight * delta.mean(-3)

    def share(self, step: int, delta: Array) -> Gradients:
        """That of one step, by the code for all of them: the others are nought."""
        return self.gathered(iter([(Arrived(step, delta), delta)]))

    def gathered(self, deltas: Iterator[tuple[Arrived, Array]]) -> Gradients:
        """One product for the gradient of every matrix: Σ_t b_tᵀ δ̃_t over all steps at once."""
        by_step, starts = dict[int, Array](), dict[str, Array]()
        for own, delta in deltas:
            if not own.initial:
                by_step[own.step] = by_step[own.step] + delta if own.step in by_step else delta
                continue
            for name, rows in self.initial(own.step).items():
                found = self.at_start(delta[..., rows, :])
                starts[name] = starts[name] + found if name in starts else found
        nothing = np.zeros((self.run.batch, self.run.size, 1), self.run.kind)
        whole = np.broadcast_arrays(*(by_step.get(step, nothing) for step in range(1, self.length + 1)))
        return {**self.run.gradients(whole), **starts}
