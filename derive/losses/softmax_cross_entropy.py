"""ℓ_t = −y_tᵀ log o_t, for a target y_t that is a probability vector: soft, or one-hot for a class label."""

from __future__ import annotations

from derive.expr import Fill, Node, Var, ones
from derive.functions import log
from derive.loss import Fact, Loss
from derive.nonlinear import Map


def value(y: Var, o: Var, excluded: Node) -> Node:
    return -(y.T @ Map(log, o + excluded))


def sums_to_one(y: Var) -> tuple[Fact, ...]:
    """1ᵀ y = 1."""
    return (Fact(ones(1, y.shape[0]) @ y, Fill(1, 1, 1), "The target is a probability vector: it sums to one."),)


LOSS = Loss(
    name="softmax_cross_entropy",
    title="cross-entropy",
    normalisations=("softmax", "masked_softmax"),
    value=value,
    targets="simplex",
    facts=sums_to_one,
)
TITLE = "softmax output, cross-entropy"
