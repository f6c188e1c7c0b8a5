"""A wrong strategy for every random one: links that are kept are not compensated.  Every check must refute it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from derive.machine import Machine, Number
from derive.strategy import Strategy


@dataclass(frozen=True)
class Uncompensated(Strategy):
    """The same decisions, and ξ = 1 where it should be 1/(1 − κ)."""

    of: Strategy
    title = "without the compensation 1/(1 − κ)"
    unbiased = True
    """As its author believes."""

    def machine(self, steps: int) -> Machine:
        return self.of.machine(steps)

    def weight(self, late: int, early: int, factors: Sequence[Number]) -> Number:
        return self.of.weight(late, early, factors)

    def chance(self, age: int) -> Fraction:
        return self.of.chance(age)

    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0 if cut else 1)

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        raise NotImplementedError("a control is made of a strategy")

    @property
    def name(self) -> str:
        return f"{self.of.name}, not compensated"

    @property
    def options(self) -> dict[str, object]:
        return self.of.options
