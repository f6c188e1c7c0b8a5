"""Formulas with branches: conditions on z, and max, min and abs written as ``Piecewise``.

A corner is then a condition ``z < number``, where ``Elementwise.kinks`` finds it, and SymPy's derivative needs no
``sign``, ``Heaviside`` or ``DiracDelta``.  At the corner max and min have the slope of the flatter side, so that
max(z, 0) is ReLU with relu′(0) = 0, and abs has slope 0, as in PyTorch and JAX.
"""

from __future__ import annotations

import sympy as sp

from derive.functions import Z

Line = tuple[sp.Rational, sp.Rational]


def line(expr: sp.Expr) -> Line | None:
    """(a, b) when ``expr`` is a z + b with rational a and b, else None."""
    slope, start = sp.diff(expr, Z), expr.subs(Z, 0)
    return (slope, start) if slope.is_Rational and start.is_Rational else None


def above(left: sp.Expr, right: sp.Expr, closed: bool = False) -> sp.Basic | None:
    """The condition left > right (or ≥) with z alone on its left; None unless both are straight lines in z."""
    lines = line(left), line(right)
    if lines[0] is None or lines[1] is None:
        return None
    slope, start = lines[0][0] - lines[1][0], lines[0][1] - lines[1][1]
    if slope == 0:
        return sp.true if start > 0 or (closed and start == 0) else sp.false
    corner = -start / slope
    if slope > 0:
        return sp.Ge(Z, corner) if closed else sp.Gt(Z, corner)
    return sp.Le(Z, corner) if closed else sp.Lt(Z, corner)


def largest(left: sp.Expr, right: sp.Expr) -> sp.Expr | None:
    """max of two straight lines, else None."""
    steeper, flatter = sorted((left, right), key=lambda expr: -abs(sp.diff(expr, Z)) if line(expr) else 0)
    condition = above(steeper, flatter)
    return None if condition is None else sp.Piecewise((steeper, condition), (flatter, True))


def smallest(left: sp.Expr, right: sp.Expr) -> sp.Expr | None:
    """min of two straight lines, else None."""
    steeper, flatter = sorted((left, right), key=lambda expr: -abs(sp.diff(expr, Z)) if line(expr) else 0)
    condition = above(flatter, steeper)
    return None if condition is None else sp.Piecewise((steeper, condition), (flatter, True))


def absolute(body: sp.Expr) -> sp.Expr | None:
    """|a z + b|, else None."""
    positive, negative = above(body, sp.Integer(0)), above(-body, sp.Integer(0))
    if positive is None or negative is None:
        return None
    return sp.Piecewise((body, positive), (-body, negative), (sp.Integer(0), True))
