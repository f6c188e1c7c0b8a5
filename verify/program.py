"""What a gradient oracle is allowed to see: losses as a function of arrays.  Forward equations, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from derive.arithmetic import Array, Floating
from derive.indices import t, value
from derive.run import name_of
from derive.unroll import Table, place, unroll, weight
from verify.problem import Problem, has_kinks, kinked
from verify.rounding import WORSE, Rounding

Point = dict[str, Array]
FLOATING = Floating()


@dataclass(frozen=True)
class Measured:
    """A derivative, and a bound on the error that the method itself makes (truncation), entry by entry."""

    value: Array
    error: Array


class LossFunction(Protocol):
    """Arrays by name, with optional leading axes, to losses: (…, number of losses), or (…, 1), their sum.

    The arithmetic is that of floating point, on whatever kind of array the tool at work wants to see.
    """

    def __call__(self, point: Mapping[str, Array], arithmetic: Floating = FLOATING) -> Array: ...

    def regions(self, point: Mapping[str, Array]) -> Array:
        """On which side of each kink the computation runs."""
        ...


class GradientOracle(Protocol):
    """∂(losses)/∂(point), by name, each of shape (number of losses, *shape of the array)."""

    def __call__(self, function: LossFunction, point: Point) -> dict[str, Measured]: ...


@dataclass(frozen=True)
class Program:
    """The loss L of a problem as a function of its parameters.

    ``untied`` keeps the weighted losses of the steps apart, and gives every step its own copy of each shared
    parameter, in arrays (T, rows, cols), or (S, rows, cols) for an encoder's: the derivative with respect to the copy
    of step i is what step i contributed, so a vanished contribution can be compared at its own scale.
    With ``rounding``, a seed, every function in it rounds worse than it should.
    """

    problem: Problem
    untied: bool = False
    rounding: int | None = None

    @cached_property
    def _copies(self) -> dict[str, int]:
        """How many steps use each parameter."""
        model, sizes = self.problem.model, self.problem.sizes
        return {w.name: value(model.phase_of(w).length, sizes) for w in model.parameters}

    @property
    def point(self) -> Point:
        problem = self.problem
        shared = {w.name: problem.given[place(w)] for w in problem.model.parameters}
        if self.untied:
            return {name: np.repeat(array[None], self._copies[name], axis=0) for name, array in shared.items()}
        initial = {name_of(state): problem.given[place(state)] for state in problem.model.initial_states}
        return {**initial, **shared}  # in the order in which the forward pass uses them

    def __call__(self, point: Mapping[str, Array], arithmetic: Floating = FLOATING) -> Array:
        """Leading axes of the arrays in ``point`` are perturbations; they come out in front of the steps."""
        problem, model, xp = self.problem, self.problem.model, arithmetic.xp
        table = self._run(point, arithmetic, forget=True)
        number = float(weight(model, problem.sizes))
        first, last = (value(limit, problem.sizes) for limit in (model.wiring.first, model.wiring.last))
        ell = model.readout.loss.target
        losses = [table.values[place(ell, {t: step})] * number for step in range(first, last + 1)]
        common = np.broadcast_shapes((1, 1, 1), *(loss.shape for loss in losses))  # one may see no input, or no weight
        losses = [loss if loss.shape == common else loss + np.zeros(common) for loss in losses]
        rows = xp.stack([xp.mean(loss, axis=-3)[..., 0, 0] for loss in losses], axis=-1)
        rows = rows if self.untied else xp.sum(rows, axis=-1, keepdims=True)
        moved = self._perturbations(point)
        return rows if rows.shape[:-1] == moved else np.broadcast_to(rows, (*moved, rows.shape[-1]))

    def _perturbations(self, point: Mapping[str, Array]) -> tuple[int, ...]:
        """The leading axes, also where no loss depends on what is moved (a state that no step reads back)."""
        own = 3 if self.untied else 2
        return np.broadcast_shapes(*(array.shape[: len(array.shape) - own] for array in point.values()))

    def regions(self, point: Mapping[str, Array]) -> Array:
        """On which side of its kink every argument of a function with a corner is: (…, arguments)."""
        points = self._perturbations(point)
        empty = np.zeros((*points, 0), dtype=bool)
        if not has_kinks(self.problem.model):
            return empty
        sides = [
            np.moveaxis(arguments > kink, 0, -1).reshape((*arguments.shape[1:-3], -1))
            for arguments, kink in kinked(
                self.problem.model, self._run(point, FLOATING, forget=False), self.problem.sizes
            )
        ]
        return np.concatenate([empty, *(np.broadcast_to(side, (*points, side.shape[-1])) for side in sides)], axis=-1)

    def _run(self, point: Mapping[str, Array], arithmetic: Floating, *, forget: bool) -> Table:
        """The forward pass with the arrays of ``point`` put in."""
        if self.rounding is not None:
            arithmetic = Rounding(WORSE, self.rounding, arithmetic)
        problem, model = self.problem, self.problem.model
        overrides: dict[Any, Array] = {}
        for source in problem.sources:
            array = point.get(name_of(source))
            if array is None:
                continue
            if not self.untied:
                overrides[place(source)] = array[..., None, :, :]
                continue
            for step in range(self._copies[source.name]):
                overrides[source.name, source.kind, step + 1] = array[..., step, None, :, :]
        return unroll(model, problem.given, problem.sizes, arithmetic=arithmetic, overrides=overrides, forget=forget)
