"""Randomised truncation as it is printed: z_t = b_t + ξ_t c_t a_{t−1}, with the exact a_{t−1} = ∂h_{t−1}/∂w.

(Zhang, Lipton, Li & Smola, *Dive into Deep Learning*, section 9.7.)  Unbiased too, but another estimator: one and the
same ξ_t multiplies every earlier term of step t, and none is forgotten at the next step.  Nothing is saved: the exact
a_{t−1} has to be there whenever one ξ_t is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.machine import Machine, Number
from derive.strategies.randomised import ZHANG
from derive.strategy import Kept


@dataclass(frozen=True)
class OneStep(Kept):
    """Column 0 is the loss of the step itself; what leaves it is multiplied by ξ once, and carried by column 1."""

    title = "randomised truncation, as printed: z_t = b_t + ξ_t c_t a_{t−1}"
    references = (ZHANG,)

    def machine(self, steps: int) -> Machine:
        return Machine(2, kept=((1, 1),), scaled=((0, 1),), read=(0, 1))

    def weight(self, late: int, early: int, factors: Sequence[Number]) -> Number:
        return 1 if early == late else factors[late]


STRATEGY = OneStep
TITLE = OneStep.title
