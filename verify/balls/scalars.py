"""Elementwise functions of balls: a SymPy formula in z, compiled node by node to FLINT's own functions.

The formula is all that is read: no derivative, ours or SymPy's, has a part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce, singledispatch
from operator import add, mul
from typing import Any

import sympy as sp
from flint import arb, arb_series, fmpq

from derive.errors import BpttError
from derive.functions import Elementwise, Z

Ball = Any
"""An ``arb``, or an ``arb_series``: a + bε modulo ε²."""
Scalar = Callable[[Ball], Ball]


class UndecidableError(BpttError):
    """A ball reaches a corner: f may have two slopes there, and it cannot be said on which side the number is.

    ``where`` is filled in by those who know the function and the step.
    """

    def __init__(self, ball: arb) -> None:
        super().__init__("a ball reaches a corner")
        self.ball = ball
        self.function, self.where = "", ""


@dataclass(frozen=True)
class Kind:
    """A kind of number: how an ``arb`` becomes one, its value (at ε = 0), its inverse, and the functions it has."""

    lift: Callable[[arb], Ball]
    value: Callable[[Ball], arb]
    inverse: Scalar
    functions: Mapping[type[sp.Basic], Scalar]


REAL = Kind(
    lift=lambda x: x,
    value=lambda x: x,
    inverse=lambda x: 1 / x,
    functions={
        sp.exp: arb.exp, sp.log: arb.log, sp.sin: arb.sin, sp.cos: arb.cos, sp.atan: arb.atan,
        sp.tanh: arb.tanh, sp.sinh: arb.sinh, sp.cosh: arb.cosh,
    },
)  # fmt: skip


def jets() -> Kind:
    """Power series modulo ε², at the precision that is set.  FLINT has no hyperbolic functions of them: by exp."""
    one, two, half = (arb_series([number]) for number in (1, 2, 0.5))

    def inverse(x: arb_series) -> arb_series:
        return arb_series([arb.nan(), arb.nan()]) if x[0].contains(0) else one / x

    def both(z: arb_series) -> tuple[arb_series, arb_series]:
        power = z.exp()
        return power, inverse(power)

    return Kind(
        lift=lambda x: arb_series([x]),
        value=lambda x: x[0],
        inverse=inverse,
        functions={
            sp.exp: arb_series.exp, sp.log: arb_series.log, sp.sin: arb_series.sin, sp.cos: arb_series.cos,
            sp.atan: arb_series.atan,
            sp.tanh: lambda z: one - two * inverse((z + z).exp() + one),
            sp.sinh: lambda z: half * (both(z)[0] - both(z)[1]),
            sp.cosh: lambda z: half * (both(z)[0] + both(z)[1]),
        },
    )  # fmt: skip


def number(expr: sp.Expr) -> arb:
    """A number, enclosed at the precision that is set.  Raises NotImplementedError for what has no rule."""
    if expr.is_Rational:
        return arb(fmpq(int(expr.p), int(expr.q)))
    return _CONSTANTS[expr]() if expr in _CONSTANTS else _rule(expr, REAL)(arb(0))


_CONSTANTS: dict[sp.Basic, Callable[[], arb]] = {
    sp.pi: arb.pi, sp.E: lambda: arb(1).exp(), sp.oo: arb.pos_inf, -sp.oo: arb.neg_inf,
}  # fmt: skip


def compiled(expr: sp.Expr, kind: Kind) -> Scalar:
    """z ↦ expr, with its numbers enclosed at the precision that is set now."""
    if expr.has(Z):
        return _rule(expr, kind)
    constant = kind.lift(number(expr))
    return lambda z: constant


@singledispatch
def _rule(expr: sp.Basic, kind: Kind) -> Scalar:
    function = kind.functions.get(type(expr))
    if function is None:
        raise NotImplementedError(f"ball arithmetic has no rule for {type(expr).__name__}")
    inside = compiled(expr.args[0], kind)
    return lambda z: function(inside(z))


@_rule.register
def _(expr: sp.Symbol, kind: Kind) -> Scalar:
    return lambda z: z


@_rule.register
def _(expr: sp.Add, kind: Kind) -> Scalar:
    return _folded(expr, kind, add)


@_rule.register
def _(expr: sp.Mul, kind: Kind) -> Scalar:
    return _folded(expr, kind, mul)


def _folded(expr: sp.Expr, kind: Kind, together: Callable[[Ball, Ball], Ball]) -> Scalar:
    parts = [compiled(part, kind) for part in expr.args]
    return lambda z: reduce(together, (part(z) for part in parts))


@_rule.register
def _(expr: sp.Pow, kind: Kind) -> Scalar:
    """Whole powers by multiplication; any other as exp(p log b), which is not a number where b may be negative."""
    base, power = compiled(expr.base, kind), compiled(expr.exp, kind)
    if expr.exp.is_Integer and expr.exp >= 0:
        return lambda z: base(z) ** int(expr.exp)
    if expr.exp.is_Integer:
        return lambda z: kind.inverse(base(z)) ** -int(expr.exp)
    exp, log = kind.functions[sp.exp], kind.functions[sp.log]
    return lambda z: exp(power(z) * log(base(z)))


@_rule.register
def _(expr: sp.Piecewise, kind: Kind) -> Scalar:
    branches = [(compiled(value, kind), _condition(condition, kind)) for value, condition in expr.args]
    return lambda z: next(value(z) for value, holds in branches if holds(z))


def _condition(condition: sp.Basic, kind: Kind) -> Callable[[Ball], bool]:
    """Whether a condition holds on the whole ball.  Raises UndecidableError when the ball reaches the corner."""
    if condition == sp.true:
        return lambda z: True
    if not isinstance(condition, sp.Gt | sp.Ge | sp.Lt | sp.Le):
        raise NotImplementedError(f"ball arithmetic has no rule for the condition {condition}")
    side = compiled(condition.gts - condition.lts, kind)

    def holds(z: Ball) -> bool:
        difference = kind.value(side(z))
        if difference > 0 or difference < 0:
            return bool(difference > 0)
        raise UndecidableError(kind.value(z))

    return holds


def unsupported(function: Elementwise) -> str:
    """Why a function, or its slope in our formulas, cannot be enclosed; empty when both can."""
    try:
        for formula in (function.expr, function.slope):
            compiled(formula, REAL)
    except NotImplementedError as error:
        return f"{function.name}: {error}"
    return ""
