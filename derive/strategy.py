"""A strategy: which terms of the double sum Σ_t Σ_{i≤t} ω(t, i) g_tᵀ P(t, i) b_i are kept, and with which weight.

The weights are those of a small machine.  A row of K numbers starts at the step with the loss and passes one link after
the other on its way back; the link from step j to step j − 1 multiplies it by a matrix M_j of zeros, ones and ξ_j:

    ω(t, i) = s M_t M_{t−1} ⋯ M_{i+1} r.

So the backward pass carries K columns instead of one, whatever the strategy:

    D_i = g_i s + c_{i+1}ᵀ D_{i+1} M_{i+1},    δ̃_i = D_i r,    since  D_i = Σ_{t≥i} P(t, i)ᵀ g_t s M_t ⋯ M_{i+1},

which is the adjoint recursion with the matrix c_{i+1}ᵀ ⊗ M_{i+1}ᵀ in the place of c_{i+1}ᵀ.  The full gradient is the
machine with one column and M_j = 1: all weights are one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import lru_cache
from typing import Any, ClassVar

from derive.cell import Reference
from derive.errors import InputError
from derive.machine import Machine, Number

OLDEST = 2000
"""The longest sequences that are studied have so many steps."""


class Strategy(ABC):
    """A family member with its options fixed; subclasses are frozen dataclasses whose fields are the options.

    Decisions are made after each step but the last, in the order of time: to cut, or not.  The chance may depend on the
    age, the number of steps since the last cut, the present one counted (Tallec & Ollivier 2017 allow the whole past).
    Between h_0 and step 1 nothing is cut.
    """

    title: ClassVar[str]
    spoken: ClassVar[str] = ""
    """What a table calls it, where that is not its registered name in words."""
    references: ClassVar[tuple[Reference, ...]] = ()
    unbiased: ClassVar[bool] = False
    """Whether it is declared to have the mean of the full gradient; tests and documents measure it."""

    @abstractmethod
    def machine(self, steps: int) -> Machine:
        """What carries the weights over a sequence of ``steps`` steps."""

    @abstractmethod
    def weight(self, late: int, early: int, factors: Sequence[Number]) -> Number:
        """The law ω(t, i) for i ≤ t in closed form; ``factors[j]`` is ξ_j, for the link from step j to j − 1."""

    def chance(self, age: int) -> Fraction:
        """The probability to cut after a step whose age is 1, 2, …"""
        return Fraction(0)

    def factor(self, cut: bool, age: int) -> Fraction:
        """ξ of the link after a step of that age."""
        return Fraction(0 if cut else 1)

    @classmethod
    @abstractmethod
    def of_length(cls, length: int) -> Strategy:
        """The member whose pieces are ``length`` steps long on average, as far as it has pieces."""

    @property
    def name(self) -> str:
        """The name under which the family is registered."""
        return type(self).__module__.rpartition(".")[2]

    @property
    def is_random(self) -> bool:
        """Whether any decision is left to chance, at an age that a sequence may reach."""
        return _is_random(self)

    @property
    def options(self) -> dict[str, Any]:
        """The options by name."""
        return {own.name: getattr(self, own.name) for own in fields(self)}  # type: ignore[arg-type]

    @property
    def label(self) -> str:
        """``artbp(kappa=1/5)``."""
        given = ", ".join(f"{name}={value}" for name, value in self.options.items())
        return f"{self.name}({given})" if given else self.name


@lru_cache(maxsize=256)
def _is_random(strategy: Strategy) -> bool:
    return any(0 < strategy.chance(age) < 1 for age in range(1, OLDEST + 1))


class Links(Strategy):
    """A strategy of one column: every link is multiplied by its own factor, ω(t, i) = ∏_{j=i+1}^{t} ξ_j."""

    def machine(self, steps: int) -> Machine:
        return Machine(1, scaled=((0, 0),))

    def weight(self, late: int, early: int, factors: Sequence[Number]) -> Number:
        whole: Number = 1
        for link in range(early + 1, late + 1):
            whole = whole * factors[link]
        return whole


@dataclass(frozen=True)
class Kept(Strategy):
    """Every link is kept with probability π, whatever happened before, and is then divided by it."""

    pi: Fraction = Fraction(4, 5)
    unbiased = True

    def __post_init__(self) -> None:
        probability("pi", self.pi, zero=False)

    def chance(self, age: int) -> Fraction:
        return 1 - self.pi

    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0) if cut else 1 / self.pi

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        return cls(1 - Fraction(1, max(length, 2)))


def probability(name: str, value: Fraction, *, zero: bool = True, one: bool = True) -> None:
    """Raises InputError where a number is no probability, or an end of the range that is not allowed."""
    if not 0 <= value <= 1 or (value == 0 and not zero) or (value == 1 and not one):
        ends = f"{'[' if zero else '('}0, 1{']' if one else ')'}"
        raise InputError(f"{name} = {value} is not in {ends}", mend="give a probability such as 0.8 or 4/5")


def at_least_one(name: str, value: int | Fraction) -> None:
    """Raises InputError for a length below one step."""
    if value < 1:
        raise InputError(f"{name} = {value} is less than one step", mend="give a length such as 10")
