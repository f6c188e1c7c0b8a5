"""o_t = s_t, ℓ_t = ½ (o_t − y_t)ᵀ(o_t − y_t)."""

from __future__ import annotations

import sympy as sp

from derive.expr import Node, Var
from derive.loss import Loss


def value(y: Var, o: Var) -> Node:
    difference = o - y
    return sp.Rational(1, 2) * (difference.T @ difference)


def same(score: Node) -> Node:
    return score


LOSS = Loss(
    name="squared_error",
    title="identity output, half the squared error",
    output=same,
    value=value,
)
TITLE = LOSS.title
