"""The programs, written out by hand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest

from derive.machine import Machine
from derive.strategies.artbp import Artbp
from derive.strategies.artbp_schedule import Schedule
from derive.strategies.chunks import Chunks
from derive.strategies.full import Full
from derive.strategies.randomised_one_step import OneStep
from derive.strategies.window import Window
from derive.strategy import Strategy
from tests.truncation.detach.networks import made
from verify.truncation.controls import Uncompensated
from verify.truncation.detach import compared
from verify.truncation.detach_autograd import losses
from verify.truncation.detach_plan import Tape, tapes
from verify.verdicts import Verdict

ALL = (1, 2, 3, 4, 5)
NEVER = [False] * 6
AFTER_THREE = [False, False, False, False, True, False]
"""Link 4 is cut, the one from step 4 to step 3."""


def test_nothing_is_detached_of_the_full_gradient() -> None:
    assert tapes(Full(), ALL, NEVER) == (Tape(ALL),)


def test_a_window_detaches_the_state_tau_steps_before_each_loss_and_that_may_be_h_0() -> None:
    assert tapes(Window(3), ALL, NEVER) == (Tape((1,)), Tape((2,)), Tape((3,), 1), Tape((4,), 2), Tape((5,), 3))


def test_chunks_are_tau_steps_long_and_the_last_one_is_what_remains() -> None:
    assert tapes(Chunks(2), ALL, NEVER) == (Tape((1, 2)), Tape((3, 4), 3), Tape((5,), 5))
    assert tapes(Chunks(2), (5,), NEVER) == (Tape((5,), 5),)


def test_a_link_that_passes_is_divided_by_its_chance_to_pass() -> None:
    found = tapes(Artbp(Fraction(1, 5)), ALL, AFTER_THREE)
    assert found == (Tape((1, 2, 3), 0, {2: 1.25, 3: 1.25}), Tape((4, 5), 4, {5: 1.25}))


def test_the_chance_of_the_schedule_is_that_of_the_age() -> None:
    own = Schedule(Fraction(5), Fraction(4))  # κ = 3/(10 + d)
    first, second = tapes(own, ALL, AFTER_THREE)
    assert first.scaled == {2: float(Fraction(11, 8)), 3: float(Fraction(12, 9))}
    assert second.scaled == {5: float(Fraction(11, 8))}


def test_the_one_step_estimator_is_a_backward_pass_for_every_loss() -> None:
    found = tapes(OneStep(Fraction(1, 2)), (1, 3, 4, 5), AFTER_THREE)
    assert found == (Tape((1,)), Tape((3,), 0, {3: 2.0}), Tape((4,), 4), Tape((5,), 0, {5: 2.0}))


def test_a_control_is_the_program_of_what_it_was_made_of() -> None:
    assert tapes(Uncompensated(Artbp()), ALL, AFTER_THREE) == tapes(Artbp(), ALL, AFTER_THREE)


def test_losses_stand_behind_the_encoder() -> None:
    _, problem = made("encoder")
    assert losses(problem) == (4, 5, 6, 7)
    assert losses(made("rnn, last")[1]) == (6,)


def test_a_strategy_without_a_program_is_not_run() -> None:
    @dataclass(frozen=True)
    class Unknown(Strategy):
        title = "unknown"

        def machine(self, steps: int) -> Machine:
            return Machine(1)

        def weight(self, late: int, early: int, factors: object) -> int:
            return int(late == early)

        @classmethod
        def of_length(cls, length: int) -> Strategy:
            return cls()

    known, problem = made("rnn")
    found = compared(known, problem, [Unknown(), Window(3)])
    assert found[0].verdict is Verdict.NOT_RUN and "program with detach" in found[0].reason
    assert any(finding.verdict is Verdict.AGREED for finding in found)
    with pytest.raises(NotImplementedError):
        tapes(Unknown(), ALL, NEVER)
