"""The forward pass of a problem in balls, at the precision that is set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.unroll import Place, Table, unroll
from verify.balls.arithmetic import Balls
from verify.balls.scalars import UndecidableError
from verify.problem import Problem


@dataclass(frozen=True, eq=False)
class Run:
    """A problem whose given floats are exact balls.

    A target that has to sum to one, and does so up to the rounding of its floats, is made to: its largest entry becomes
    1 minus the others.  The derivation says so of every target, and at 1e-30 it would not be true of the floats.
    """

    problem: Problem
    arithmetic: Balls

    @cached_property
    def given(self) -> dict[Place, Array]:
        given = {place: self.arithmetic.exact(array) for place, array in self.problem.given.items()}
        if self.problem.model.loss.targets == "simplex":
            for place in (place for place in given if place[1] == self.problem.model.readout.target.kind):
                self._complete(given[place], np.asarray(self.problem.given[place]))
        return given

    def _complete(self, targets: Array, floats: Array) -> None:
        """Make every column of (…, rows, 1) sum to one, in place, where rounding alone keeps it from that."""
        one = self.arithmetic.scalar(sp.Integer(1))
        for where in np.ndindex(floats.shape[:-2]):
            column, rounded = targets[where][:, 0], floats[where][:, 0]
            if abs(rounded.sum() - 1) <= len(rounded) * np.finfo(float).eps:
                largest = int(np.argmax(rounded))
                column[largest] = one - sum(np.delete(column, largest), one - one)

    def table(self, overrides: Mapping[Place, Array] | None = None) -> Table:
        """All values.  Raises UndecidableError, with the place, where an argument reaches a corner."""
        watched = _Watched(overrides or {})
        problem = self.problem
        try:
            return unroll(problem.model, self.given, problem.sizes, arithmetic=self.arithmetic, overrides=watched)
        except UndecidableError as error:
            name, _, step = watched.asked
            error.where = name if step is None else f"{name} of step {step}"
            raise


class _Watched(dict[Place, Array]):
    """Overrides that remember for which variable they were asked last: the one that is being computed."""

    asked: Place = ("", "", None)

    def __bool__(self) -> bool:
        """Also when nothing is overridden: ``overrides or {}`` must not lose it."""
        return True

    def get(self, where: Place, default: Any = None) -> Any:
        self.asked = where
        return super().get(where, default)
