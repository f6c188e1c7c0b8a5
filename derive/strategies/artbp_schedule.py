"""ARTBP whose chance to cut depends on the past: κ = (α − 1)/((α − 2) L₀ + d), d steps after the last cut.

(Tallec & Ollivier 2017, section 5.)  The longer the chain has not been cut, the less it is: lengths have a heavy tail,
P(L > l) ~ l^{1−α}, and the compensating product stays small.  With d = 1 at the first step after a cut the mean length
is L₀ exactly: for A = (α − 2) L₀ it is Σ_l ∏_{d=1}^{l} (A + d − α + 1)/(A + d) = ₂F₁(A + 2 − α, 1; A + 1; 1)
= A/(α − 2) = L₀, by Gauss's theorem.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.errors import InputError
from derive.strategies.artbp import TALLEC
from derive.strategy import Links, Strategy, at_least_one


@dataclass(frozen=True)
class Schedule(Links):
    """Chunks of random length, L₀ on average."""

    length: Fraction = Fraction(5)
    alpha: Fraction = Fraction(4)
    title = "ARTBP with the chance to cut of the paper, which falls with the age"
    spoken = "ARTBP schedule"
    references = (TALLEC,)
    unbiased = True

    def __post_init__(self) -> None:
        at_least_one("length", self.length)
        if self.length == 1:
            raise InputError("length = 1 cuts after every step", mend="give a mean length above one")
        if self.alpha <= 2:
            raise InputError(f"alpha = {self.alpha} has no finite mean length", mend="give alpha above 2, such as 4")

    def chance(self, age: int) -> Fraction:
        return (self.alpha - 1) / ((self.alpha - 2) * self.length + age)

    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0) if cut else 1 / (1 - self.chance(age))

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        return cls(Fraction(max(length, 2)))


STRATEGY = Schedule
TITLE = Schedule.title
