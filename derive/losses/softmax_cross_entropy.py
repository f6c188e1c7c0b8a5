"""o_t = softmax(s_t), ℓ_t = −y_tᵀ log o_t, for a target y_t that is a probability vector (one-hot, or soft)."""

from __future__ import annotations

from derive.expr import Fill, Node, Var, ones
from derive.functions import log
from derive.loss import Loss
from derive.nonlinear import Map, Softmax


def value(y: Var, o: Var) -> Node:
    return -(y.T @ Map(log, o))


def sums_to_one(y: Var) -> tuple[tuple[Node, Fill], ...]:
    """1ᵀ y = 1."""
    return ((ones(1, y.shape[0]) @ y, Fill(1, 1, 1)),)


LOSS = Loss(
    name="softmax_cross_entropy",
    title="softmax output, cross-entropy",
    output=Softmax,
    value=value,
    targets="simplex",
    assumptions=sums_to_one,
)
TITLE = LOSS.title
