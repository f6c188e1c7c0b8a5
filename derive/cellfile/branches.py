"""Formulas with branches: conditions on z, and max, min and abs written as ``Piecewise``.

A corner is then a condition ``z < number``, where ``Elementwise.kinks`` finds it, and SymPy's derivative needs no
``sign``, ``Heaviside`` or ``DiracDelta``.  At the corner max and min have the slope of the flatter side, so that
max(z, 0) is ReLU with relu′(0) = 0, and abs has slope 0, as in PyTorch and JAX.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import sympy as sp

from derive.functions import Z

Line = tuple[sp.Rational, sp.Rational]
Branch = tuple[sp.Expr, sp.Basic]


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
    return _extreme(left, right, lambda steeper, flatter: above(steeper, flatter))


def smallest(left: sp.Expr, right: sp.Expr) -> sp.Expr | None:
    """min of two straight lines, else None."""
    return _extreme(left, right, lambda steeper, flatter: above(flatter, steeper))


def _extreme(left: sp.Expr, right: sp.Expr, wins: Callable[[sp.Expr, sp.Expr], sp.Basic | None]) -> sp.Expr | None:
    """The flatter line is the last branch, which a corner belongs to."""
    lines = line(left), line(right)
    if lines[0] is None or lines[1] is None:
        return None
    steeper, flatter = (left, right) if abs(lines[0][0]) > abs(lines[1][0]) else (right, left)
    return sp.Piecewise((steeper, wins(steeper, flatter)), (flatter, True))


def absolute(body: sp.Expr) -> sp.Expr | None:
    """|a z + b|, else None."""
    positive, negative = above(body, sp.Integer(0)), above(-body, sp.Integer(0))
    if positive is None or negative is None:
        return None
    return in_order([(body, positive), (-body, negative), (sp.Integer(0), sp.true)])


def in_order(branches: Sequence[Branch]) -> sp.Expr:
    """The same function with its branches from left to right.

    SymPy joins neighbours of equal slope, z < −1 and z > 1, into one condition with "or", which has no corner that
    could be found; in this order the slopes of neighbours differ.
    """
    corners = sorted({c.rhs for _, c in branches if isinstance(c, sp.core.relational.Relational)})
    if not corners or len(branches) < 3:
        return sp.Piecewise(*branches)
    ends = [(corner, closed) for corner in corners for closed in (False, True)]
    points = [corners[0] - 1, *corners[:1]]
    for before, corner in pairwise(corners):
        points += [(before + corner) / 2, corner]
    values = [_branch_at(point, branches) for point in (*points, corners[-1] + 1)]
    kept = []
    for (value, following), (corner, closed) in zip(pairwise(values), ends, strict=True):
        if value != following:
            kept.append((value, sp.Le(Z, corner) if closed else sp.Lt(Z, corner)))
    return sp.Piecewise(*kept, (values[-1], True))


def _branch_at(point: sp.Rational, branches: Sequence[Branch]) -> sp.Expr:
    """The value of the first branch whose condition holds."""
    return next(value for value, condition in branches if condition.subs(Z, point) == sp.true)
