"""ℓ_t = −y_tᵀ log o_t − (1 − y_t)ᵀ log(1 − o_t): every output unit is a yes or no of its own, y_t between 0 and 1."""

from __future__ import annotations

from derive.expr import Node, Var, ones
from derive.functions import log
from derive.loss import Loss
from derive.nonlinear import Map


def value(y: Var, o: Var, excluded: Node) -> Node:
    one = ones(*o.shape)
    return -(y.T @ Map(log, o)) - (one - y).T @ Map(log, one - o)


LOSS = Loss(
    name="binary_cross_entropy",
    title="binary cross-entropy",
    normalisations=("sigmoid",),
    value=value,
    targets="unit",
)
TITLE = "sigmoid output, binary cross-entropy"
