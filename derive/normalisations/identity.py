"""o_t = s_t: the score itself."""

from __future__ import annotations

from derive.expr import Node, Var
from derive.normalisation import Normalisation


def same(score: Var) -> Node:
    return score


NORMALISATION = Normalisation("identity", "identity output", same)
TITLE = NORMALISATION.title
