"""o_t = sigmoid(s_t), entry by entry."""

from __future__ import annotations

from derive.build import apply
from derive.expr import Node, Var
from derive.functions import sigmoid
from derive.normalisation import Normalisation


def applied(score: Var) -> Node:
    return apply(sigmoid, score)


NORMALISATION = Normalisation("sigmoid", "sigmoid output", applied)
TITLE = NORMALISATION.title
