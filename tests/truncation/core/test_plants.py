"""Errors that the tests of the core exist for, planted one at a time: each is seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from derive.machine import Machine, Number
from derive.strategies.artbp import Artbp
from derive.strategies.artbp_schedule import Schedule
from derive.strategies.chunks import Chunks
from derive.strategies.full import Full
from derive.strategies.randomised_one_step import OneStep
from derive.strategies.window import Window
from derive.strategy import Strategy
from derive.truncation.lags import Lags
from tests.derive.models import Names
from tests.truncation.core import contract
from tests.truncation.core.networks import exact, floats
from tests.truncation.core.planting import planted
from tests.truncation.core.test_study import check_chunks

RNN = Names("rnn")
SCHEDULE = Schedule(Fraction(3), Fraction(4))


def seen(check: Callable[..., None], *arguments: Any) -> None:
    with pytest.raises(AssertionError):
        check(*arguments)


@dataclass(frozen=True)
class WrongMove(Window):
    """One column is skipped."""

    def machine(self, steps: int) -> Machine:
        return Machine(self.tau, kept=tuple((k, k + 2) for k in range(self.tau - 2)), read=tuple(range(self.tau)))


@dataclass(frozen=True)
class OneMore(Window):
    """τ + 1 terms are kept."""

    def machine(self, steps: int) -> Machine:
        return Window(self.tau + 1).machine(steps)


@dataclass(frozen=True)
class NotRead(OneStep):
    """The loss of the step itself is forgotten."""

    def machine(self, steps: int) -> Machine:
        return Machine(2, kept=((1, 1),), scaled=((0, 1),), read=(1,))


@dataclass(frozen=True)
class OneLinkFurther(Artbp):
    """The law takes the factors of the links i … t − 1."""

    def weight(self, late: int, early: int, factors: Sequence[Number]) -> Number:
        return super().weight(late - 1, early - 1, factors) if early else super().weight(late, early, factors)


@pytest.mark.parametrize("wrong", [WrongMove(4), OneMore(3), NotRead(), OneLinkFurther()], ids=lambda own: own.name)
def test_a_machine_that_is_not_the_law(wrong: Strategy) -> None:
    seen(contract.check_closed_law, wrong, 7)
    seen(contract.check_estimate, wrong, RNN)


@dataclass(frozen=True)
class Late(Chunks):
    """A cut one link late."""

    def chance(self, age: int) -> Fraction:
        return Fraction(int(age > self.tau))


def test_chunks_one_step_too_long() -> None:
    with pytest.raises(AssertionError):
        check_chunks(floats(RNN, steps=9), make=Late)


@dataclass(frozen=True)
class NotDivided(Artbp):
    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0 if cut else 1)


@dataclass(frozen=True)
class FactorOfAnotherAge(Schedule):
    def factor(self, cut: bool, age: int) -> Fraction:
        return super().factor(cut, age + 1)


@dataclass(frozen=True)
class Modest(Artbp):
    """Unbiased, and not declared so."""

    unbiased = False


@pytest.mark.parametrize("wrong", [NotDivided(), FactorOfAnotherAge(), Modest()], ids=lambda own: type(own).__name__)
def test_a_declaration_that_is_not_so(wrong: Strategy) -> None:
    seen(contract.check_unbiased, wrong, RNN)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("columns = machine.passed(track.back(step, columns), factors[step])",
         "columns = machine.passed(track.back(step, columns), factors[step - 1])"),
        ("machine.passed(track.before(step, columns), factors[step]), initial",
         "0 * machine.passed(track.before(step, columns), factors[step]), initial"),
        ("columns + machine.start(track.seed(step - 1))", "columns + machine.start(track.seed(step))"),
    ],
    ids=["factor of the next link", "h_0's link cut", "error of the next step"],
)  # fmt: skip
def test_the_backward_pass(right: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contract, "estimate", planted("derive.track", right, wrong).estimate)
    seen(contract.check_estimate, Artbp(), RNN)


def test_what_is_omitted_with_the_wrong_share() -> None:
    module = planted("derive.track", "leaving = factors[step] * error + (1 - factors[step]) * delta",
                     "leaving = error + (1 - factors[step]) * delta")  # fmt: skip
    track = exact(RNN).track
    factors = [Fraction(value) for value in (1, 1, 0, 1, 0, 1)]
    found = module.omitted(track, [contract.number(own) for own in factors])
    full, kept = (module.estimate(track, Full().machine(5), [contract.number(own) for own in which])
                  for which in ([Fraction(1)] * 6, factors))  # fmt: skip
    assert any((found[name] != full[name] - kept[name]).any() for name in full)


def test_an_initial_state_one_lag_too_early() -> None:
    right = "rows, :])}, 1, steps)"
    module = planted("derive.truncation.lags", right, right.replace("1, steps", "0, steps"))
    network = exact(RNN, 4)
    found: Lags = module.by_lag(network.track, norms=False)
    values = network.along(found.terms)["h_0"]
    truth = [network.terms["h_0", 0, late] for late in range(1, 5)]
    assert list(values[1:]) != truth and list(values[:4]) == truth


def test_a_batch_that_is_added_up() -> None:
    module = planted("derive.truncation.derived_track", "(*delta.shape[:-2], 1, 1))).mean(-3)",
                     "(*delta.shape[:-2], 1, 1))).sum(-3)")  # fmt: skip
    track = floats(RNN, steps=4, batch=3)
    wrong = module.DerivedTrack(track.derivation, track.table)
    delta = np.ones((3, 3, 1))
    for name, array in track.share(2, delta).items():
        np.testing.assert_allclose(wrong.share(2, delta)[name], 3 * array)


def test_the_bias_of_chunks_against_another_length() -> None:
    right, wrong = "factors[row, tau + 1 :: tau] = 0.0", "factors[row, tau :: tau] = 0.0"
    module = planted("derive.truncation.study", right, wrong)
    check_chunks(floats(RNN, steps=9))
    with pytest.raises(AssertionError):
        check_chunks(floats(RNN, steps=9), of=module._chunks)


def test_a_rate_that_forgets_later_lags() -> None:
    right = "np.maximum.accumulate(np.array([*ratios, 0.0])[::-1])[::-1]"
    module = planted("derive.truncation.contraction", right, "np.array([*ratios, 0.0])")
    errors = np.array([1.0, 0.1, 0.09, 0.08])
    assert module.Contraction(errors, 1.0).bound(1) < errors[1:].sum()
