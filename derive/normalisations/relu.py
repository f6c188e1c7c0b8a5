"""o_t = relu(s_t), entry by entry."""

from __future__ import annotations

from derive.build import apply
from derive.expr import Node, Var
from derive.functions import relu
from derive.normalisation import Normalisation


def applied(score: Var) -> Node:
    return apply(relu, score)


NORMALISATION = Normalisation("relu", "relu output", applied)
TITLE = NORMALISATION.title
