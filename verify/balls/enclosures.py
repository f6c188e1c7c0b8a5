"""Our printed formulas, evaluated in balls at the precision that is set."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import arb

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.run import Derived, Form, by_lag, gradients
from derive.theory import theories
from derive.unroll import Table
from verify.balls.arithmetic import Balls
from verify.balls.forward import Run
from verify.balls.generated import GeneratedBalls
from verify.generated.code import Code
from verify.generated.elsewhere import gradient_on
from verify.problem import Problem


@dataclass(frozen=True)
class Enclosures:
    """The gradients of one derivation on one problem."""

    problem: Problem
    derivation: Derivation

    @cached_property
    def _run(self) -> Run:
        return Run(self.problem, Balls())

    @cached_property
    def _forward(self) -> Table:
        return self._run.table()

    def gradients(self, form: Form) -> dict[str, Array]:
        return gradients(self.derivation, self._forward, form)

    def of_code(self, code: Code) -> dict[str, Array]:
        """What the generated code computes, in balls."""
        return gradient_on(code, self._run.given, self.problem.sizes, GeneratedBalls(self.problem.model))

    def lags(self, names: Collection[str]) -> dict[tuple[str, int], Array]:
        """The double sum taken apart by lag, for the parameters named."""
        shared = Derived(self.derivation, self._forward)
        found = {}
        for theory in theories(self.problem.model):
            for w in theory.phase.parameters:
                if w.name in names:
                    for lag, array in by_lag(self.derivation, self._forward, theory, w, shared).items():
                        found[w.name, lag] = array
        return found


def size(array: Array) -> arb:
    """A lower bound of the largest entry's absolute value; zero where no entry is known to be anything else."""
    known = [entry.abs_lower() for entry in array.ravel() if entry.is_finite()]
    return max(known, default=arb(0))


def radius(array: Array) -> arb:
    """An upper bound of all radii; infinite where an entry is no number."""
    return max((entry.rad() if entry.is_finite() else arb.pos_inf() for entry in array.ravel()), default=arb(0))


def farthest(differences: Array) -> arb:
    """How far from zero any of the numbers may be; infinite where one is no number."""
    return max((abs(entry).upper() if entry.is_finite() else arb.pos_inf() for entry in differences), default=arb(0))


def relative(absolute: arb, scale: arb) -> float:
    """An upper bound of absolute/scale, as a float; infinite where nothing is known of the scale."""
    if absolute == 0:
        return 0.0
    return rounded_up(absolute / scale) if scale > 0 else float("inf")


def rounded_up(number: arb) -> float:
    """A float that is no less."""
    return float(np.nextafter(float(number.abs_upper()), np.inf)) if number.is_finite() else float("inf")
