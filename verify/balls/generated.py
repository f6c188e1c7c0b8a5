"""Balls as numbers of generated code."""

from __future__ import annotations

from fractions import Fraction

import sympy as sp
from flint import arb, fmpq

from derive.compiled.exact import InexactError
from derive.model import Model
from derive.nonlinear import Map
from derive.sums import walk
from verify.balls.scalars import REAL, Scalar, UndecidableError, compiled
from verify.generated.entry import named


class GeneratedBalls:
    """``verify.generated.entry.Numbers``, at the precision that is set.

    Where no condition has a ≥ or ≤, that of two balls is asked for a largest entry alone, which an exponential is
    shifted by: there any answer is right.
    """

    def __init__(self, model: Model) -> None:
        self._any_is_right = not _has_weak_conditions(model)
        self._functions: dict[str, Scalar] = {}

    def number(self, value: Fraction) -> arb:
        return arb(fmpq(value.numerator, value.denominator))

    def apply(self, name: str, z: arb) -> arb:
        if name not in self._functions:
            try:
                self._functions[name] = compiled(named(name).expr, REAL)
            except NotImplementedError as error:
                raise InexactError(str(error)) from None
        return self._functions[name](z)

    def exponential(self, above: arb, below: arb) -> arb:
        """No shift is needed, but it is in the code."""
        return (above - below).exp()

    def exceeds(self, left: arb, right: arb, strictly: bool) -> bool:
        """Raises UndecidableError where balls overlap."""
        difference = left - right
        if difference > 0 or difference < 0 or difference == 0:
            return bool(difference > 0 or (not strictly and difference == 0))
        if not strictly and self._any_is_right:
            return True
        raise UndecidableError(difference)


def _has_weak_conditions(model: Model) -> bool:
    equations = [*model.after, *(e for phase in model.phases for e in (*phase.starts, *phase.equations))]
    functions = {node.function for e in equations for node in walk(e.expression) if isinstance(node, Map)}
    return any(formula.has(sp.Ge, sp.Le) for f in functions for formula in (f.stable, f.slope))
