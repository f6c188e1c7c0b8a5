"""ℓ_t = ½ (o_t − y_t)ᵀ(o_t − y_t)."""

from __future__ import annotations

import sympy as sp

from derive.expr import Node, Var
from derive.loss import Loss


def value(y: Var, o: Var, excluded: Node) -> Node:
    difference = o - y
    return sp.Rational(1, 2) * (difference.T @ difference)


LOSS = Loss(
    name="squared_error",
    title="half the squared error",
    normalisations=("identity", "sigmoid", "relu", "softmax", "masked_softmax"),
    value=value,
)
TITLE = "half the squared error, any output"
