"""Errors in what is drawn, in patterns of cuts, and in mean and variance, planted one at a time: each is seen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest

from derive.strategies.chunks import Chunks
from derive.strategies.randomised_one_step import OneStep
from tests.truncation.core import contract
from tests.truncation.core.planting import planted
from tests.truncation.core.test_plants import RNN, SCHEDULE, FactorOfAnotherAge, seen


@dataclass(frozen=True)
class UnevenOneStep(OneStep):
    """What it expects depends on the age, and a cut does not end it."""

    def chance(self, age: int) -> Fraction:
        return Fraction(1, age + 2)

    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0) if cut else Fraction(3, 2)


UNEVEN = (SCHEDULE, FactorOfAnotherAge(Fraction(3), Fraction(4)), UnevenOneStep())
"""The mean of an unbiased strategy is the same at all ages: it would not show what is taken of another age."""


def check_uneven() -> None:
    for own in UNEVEN:
        contract.check_moments(own, RNN, 5)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("* chance[..., 0, 0, 0] * (1 - chance[..., 0, 0, 0])", "* chance[..., 0, 0, 0] * chance[..., 0, 0, 0]"),
        ("lost = chance * machine.passed(np.broadcast_to(after[:1], kept.shape), cut)",
         "lost = chance * machine.passed(after[1 : step + 1], cut)"),
        ("likely = [total, *(probability - cutting)]", "likely = [total, *probability]"),
        ("own = own + (1 - chance) * after[1 : step + 1] + chance * after[:1]",
         "own = own + (1 - chance) * after[:step] + chance * after[:1]"),
        ("machine.forward(moved, keep), machine.forward(moved, cut)",
         "machine.forward(moved, cut), machine.forward(moved, keep)"),
        ("else 0 * lost[0]\n", "else 0 * lost[0]\n        kept = kept[:1] + 0 * kept\n"),
    ],
    ids=["κ² for κ(1 − κ)", "age not reset", "chances not reduced", "to come, of another age", "kept and cut", "age"],
)  # fmt: skip
def test_moments(right: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check_uneven()
    monkeypatch.setattr(contract, "moments", planted("derive.truncation.moments", right, wrong).moments)
    seen(check_uneven)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("age = np.where(cut[:, link], 0, age)", "age = age + 0"),
        ("lost[age], kept[age]", "lost[age], kept[age - 1]"),
        ("rng.random(count) < chances[age]", "(rng.random(count) < chances[age]) & (link > 2)"),
        ("rng.random(count) < chances[age]", "rng.random() < chances[age]"),
    ],
    ids=["age not reset", "factor of the wrong age", "one link late", "one number for all runs"],
)
def test_draws(right: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    contract.check_draws(SCHEDULE)
    monkeypatch.setattr(contract, "drawn", planted("derive.truncation.decisions", right, wrong).drawn)
    seen(contract.check_draws, SCHEDULE)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("1 if cut else age + 1", "age + 1"), ("probability * likely)", "probability)"),
        ("strategy.factor(cut, age)), probability", "strategy.factor(cut, age + 1)), probability"),
        ("        if likely:\n", "        if likely != 1:\n"),
    ],
    ids=["age not reset", "chance forgotten", "factor of the wrong age", "certain branch lost"],
)  # fmt: skip
def test_patterns(right: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = planted("derive.truncation.decisions", right, wrong)
    monkeypatch.setattr(contract, "every", module.every)
    with pytest.raises((AssertionError, ValueError)):
        contract.check_probabilities(SCHEDULE)
        contract.check_probabilities(Chunks(3))
