"""Whether strategies are unbiased: proved for the right ones, refuted by a weight for all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product
from typing import Any

import numpy as np
import pytest

from derive import registry
from derive.machine import Machine, Number
from derive.strategies.artbp import Artbp
from derive.strategies.artbp_schedule import Schedule
from derive.strategies.chunks import Chunks
from derive.strategies.randomised import Randomised
from derive.strategies.randomised_one_step import OneStep
from derive.strategies.window import Window
from derive.strategy import Links, Strategy
from derive.truncation.formulas.strategy_law import law_of
from verify.truncation.formulas.unbiased import exact_means, proved_unbiased
from verify.verdicts import Verdict

FAMILIES = {name: registry.load("derive.strategies", name, "strategy").STRATEGY
            for name in registry.names("derive.strategies")}  # fmt: skip


@pytest.mark.parametrize("name", FAMILIES)
def test_what_a_strategy_declares_is_proved_or_refuted(name: str) -> None:
    strategy: Strategy = FAMILIES[name]()
    finding = proved_unbiased(strategy)
    assert finding.claim == f"unbiased.{name}"
    assert finding.verdict is (Verdict.PROVED if strategy.unbiased else Verdict.REFUTED), finding
    assert (finding.witness is None) is strategy.unbiased


@pytest.mark.parametrize("strategy", [Window(1), Window(7), Window(100), Chunks(1), Chunks(6)], ids=lambda s: s.label)
def test_without_chance_the_witness_is_a_weight_of_zero(strategy: Strategy) -> None:
    witness = proved_unbiased(strategy).witness
    assert witness is not None and (witness.claimed, witness.found) == ("1", "0")
    assert f"t = {strategy.options['tau'] + 1}, i = 1" in witness.where


@dataclass(frozen=True)
class NotDivided(Artbp):
    """What is kept is not divided by 1 − κ."""

    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0 if cut else 1)


@dataclass(frozen=True)
class WrongChance(Randomised):
    """It is cut with the chance π, not 1 − π."""

    def chance(self, age: int) -> Fraction:
        return self.pi


@dataclass(frozen=True)
class OneLate(Schedule):
    """Divided by the chance of the next age."""

    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0) if cut else 1 / (1 - self.chance(age + 1))


@dataclass(frozen=True)
class Twice(OneStep):
    """The exact step before is added twice."""

    def machine(self, steps: int) -> Machine:
        return Machine(2, kept=((1, 1),), scaled=((0, 1), (0, 0)), read=(0, 1))


@pytest.mark.parametrize(
    ("strategy", "found"),
    [(NotDivided(Fraction(1, 2)), "1/2"), (NotDivided(), "4/5"), (WrongChance(), "1/4"), (OneLate(), "48/55"),
     (Twice(), "2")],
    ids=lambda value: str(value),
)  # fmt: skip
def test_a_wrong_strategy_is_refuted_by_the_weight_of_lag_one(strategy: Strategy, found: str) -> None:
    finding = proved_unbiased(strategy)
    assert finding.verdict is Verdict.REFUTED and finding.witness is not None
    assert "t = 2, i = 1" in finding.witness.where and finding.witness.claimed == "1"
    assert found in ("48/55", finding.witness.found)


@dataclass(frozen=True)
class Stubborn(Links):
    """A new strategy in a file of its own: never cut in the first steps after a cut, else with the chance p."""

    p: Fraction = Fraction(1, 3)
    title = "stubborn"
    unbiased = True

    def chance(self, age: int) -> Fraction:
        return self.p / (1 + age * age)

    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0) if cut else 1 / (1 - self.chance(age))

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        return cls()


@dataclass(frozen=True)
class Comparing(Stubborn):
    """Decides by comparing numbers, so that no letter can stand for the age."""

    def chance(self, age: int) -> Fraction:
        return self.p if age > 2 else Fraction(0)


def test_a_new_strategy_is_proved_without_a_line_of_its_own() -> None:
    assert proved_unbiased(Stubborn()).verdict is Verdict.PROVED


def test_what_cannot_be_read_with_letters_is_not_run() -> None:
    finding = proved_unbiased(Comparing())
    assert law_of(Comparing()) is None and finding.verdict is Verdict.NOT_RUN and "comparing" in finding.reason


RIGHT = (Artbp(), Schedule(), Randomised(), OneStep(), Comparing())
EVERY = (*RIGHT, NotDivided(), OneLate(), Twice(), Window(3), Chunks(2))


@pytest.mark.parametrize("strategy", EVERY, ids=lambda own: type(own).__name__)
def test_the_exact_means_are_those_of_all_patterns_of_cuts(strategy: Strategy) -> None:
    steps = 6
    machine = strategy.machine(steps)
    totals = [Fraction(0)] * steps
    for cuts in product((False, True), repeat=steps - 1):
        chance, age, factors = Fraction(1), 1, [Fraction(1), Fraction(1)]
        for cut in cuts:
            chance *= strategy.chance(age) if cut else 1 - strategy.chance(age)
            factors.append(strategy.factor(cut, age))
            age = 1 if cut else age + 1
        for late in range(1, steps + 1):
            totals[late - 1] += chance * _weight(machine, late, factors)
    assert list(islice(exact_means(strategy, steps), steps)) == totals


def _weight(machine: Machine, late: int, factors: Sequence[Number]) -> Fraction:
    """ω(t, 1), from the loss back."""
    one: Any = np.array([[Fraction(1)]], dtype=object)
    columns = machine.start(one) + Fraction(0)
    for link in range(late, 1, -1):
        columns = machine.passed(columns, factors[link])
    return Fraction(machine.result(columns)[0, 0])
