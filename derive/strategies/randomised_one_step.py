"""Randomised truncation as it is printed: z_t = b_t + ξ_t c_t a_{t−1}, with the exact a_{t−1} = ∂h_{t−1}/∂w.

(Zhang, Lipton, Li & Smola, *Dive into Deep Learning*, section 9.7.)  Unbiased too, but another estimator: one and the
same ξ_t multiplies every earlier term of step t, and none is forgotten at the next step.  Nothing is saved: the exact
a_{t−1} has to be there whenever one ξ_t is not zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.strategies.randomised import ZHANG
from derive.strategy import Machine, Number, Strategy, probability


@dataclass(frozen=True)
class OneStep(Strategy):
    """Column 0 is the loss of the step itself; what leaves it is multiplied by ξ once, and carried by column 1."""

    pi: Fraction = Fraction(4, 5)
    title = "randomised truncation, as printed: z_t = b_t + ξ_t c_t a_{t−1}"
    references = (ZHANG,)
    unbiased = True

    def __post_init__(self) -> None:
        probability("pi", self.pi, zero=False)

    def machine(self, steps: int) -> Machine:
        return Machine(2, kept=((1, 1),), scaled=((0, 1),), read=(0, 1))

    def weight(self, late: int, early: int, factors: Sequence[Number]) -> Number:
        return 1 if early == late else factors[late]

    def chance(self, age: int) -> Fraction:
        return 1 - self.pi

    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0) if cut else 1 / self.pi

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        return cls(1 - Fraction(1, max(length, 2)))


STRATEGY = OneStep
TITLE = OneStep.title
