"""o_t = softmax(s_t + μ): a probability for every word of a vocabulary, and zero for all others.

μ is given: 0 for a word of the vocabulary, −∞ for any other.  exp(−∞) = 0, so a masked word gets probability zero, and
no gradient, without a special case anywhere.
"""

from __future__ import annotations

from derive.expr import Node, Var, ones
from derive.functions import exp
from derive.indices import N_OUTPUT
from derive.nonlinear import Map, Softmax
from derive.normalisation import Normalisation

MASK = Var("mu", N_OUTPUT, 1, kind="constant")


def restricted(score: Var) -> Node:
    return Softmax(score + MASK)


def outside(score: Var) -> Node:
    """1 − exp(μ): one for the words that are not in the vocabulary."""
    return ones(score.shape[0]) - Map(exp, MASK)


NORMALISATION = Normalisation(
    "masked_softmax", "softmax output over a vocabulary", restricted, excluded=outside, constants=(MASK,)
)
TITLE = NORMALISATION.title
