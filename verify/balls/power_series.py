"""The oracle: directional derivatives by FLINT's power series, from the forward equations alone.

The forward pass is run with w + εv modulo ε²; the coefficient of ε in L is ⟨∂L/∂w, v⟩.  Everything is enclosed at the
precision that is set when a ``PowerSeries`` is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from derive.arithmetic import Array
from derive.expr import Var
from derive.indices import t, value
from derive.unroll import Place, place, weight
from verify.balls.arithmetic import Jets, slopes
from verify.balls.forward import Run
from verify.problem import Problem

_TOGETHER = 64
"""Directions in one forward pass."""


class PowerSeries:
    """Derivatives of the loss of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._jets = Jets()
        self._run = Run(problem, self._jets)

    def gradient(self, source: Var, directions: Array) -> Array:
        """⟨∂L/∂w, v⟩ for each of the directions (directions, rows, columns)."""
        return np.concatenate([self._gradient(source, some) for some in _chunks(directions)])

    def contributions(self, w: Var, directions: Array) -> Array:
        """⟨∂ℓ_t/∂w_i, v⟩ of every loss t, weight included, and every step's copy w_i: (losses, copies, directions).

        What the parameter did at step i alone, so a contribution that has vanished is compared at its own scale.
        """
        return np.concatenate([self._contributions(w, some) for some in _chunks(directions)], axis=-1)

    def _gradient(self, source: Var, directions: Array) -> Array:
        where = place(source)
        moved = self._jets.along(self.problem.given[where], directions)[:, None]
        total = self._run.table({where: moved}).values[place(self.problem.model.total)]
        return self._averaged(total, directions.shape[:1])

    def _contributions(self, w: Var, directions: Array) -> Array:
        model, sizes = self.problem.model, self.problem.sizes
        table = self._run.table(dict(self._copies(w, directions)))
        ell, factor = model.readout.loss.target, self._jets.scalar(weight(model, sizes))
        shape = (value(model.phase_of(w).length, sizes), len(directions))
        return np.stack([self._averaged(factor * table.values[place(ell, {t: step})], shape) for step in self._losses])

    def _copies(self, w: Var, directions: Array) -> Iterator[tuple[Place, Array]]:
        """The parameter of every step: (copies, directions, 1, rows, columns), moved where the copy is its own."""
        array = self.problem.given[place(w)]
        fixed, moved = self._jets.exact(array), self._jets.along(array, directions)
        copies = value(self.problem.model.phase_of(w).length, self.problem.sizes)
        for own in range(copies):
            at_step = np.broadcast_to(fixed, (copies, *directions.shape)).copy()
            at_step[own] = moved
            yield (w.name, w.kind, own + 1), at_step[:, :, None]

    @cached_property
    def _losses(self) -> range:
        """The steps that have a loss."""
        wiring, sizes = self.problem.model.wiring, self.problem.sizes
        return range(value(wiring.first, sizes), value(wiring.last, sizes) + 1)

    def _averaged(self, losses: Array, shape: tuple[int, ...]) -> Array:
        """The derivatives of losses (…, batch, 1, 1), averaged over the batch as L is; also of one that is constant."""
        return np.broadcast_to(slopes(losses)[..., 0, 0].mean(axis=-1), shape)


def _chunks(directions: Array) -> list[Array]:
    return [directions[first : first + _TOGETHER] for first in range(0, len(directions), _TOGETHER)]
