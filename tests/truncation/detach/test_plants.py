"""Claims that are off by one, or by one factor, are refuted: each with the right program beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from sympy import Symbol

from derive.cell import Equation
from derive.indices import t
from derive.strategies.artbp_schedule import Schedule
from derive.strategies.chunks import Chunks
from derive.strategies.randomised import Randomised
from derive.strategies.randomised_one_step import OneStep
from derive.strategies.window import Window
from derive.strategy import Strategy
from derive.unroll import Table, place
from tests.truncation.detach.networks import (
    SHAPES,
    claims,
    contracted,
    derived,
    made,
    mixed,
    names,
    right,
    runs,
    strategy,
)  # fmt: skip
from verify.truncation import detach, detach_autograd, detach_torch
from verify.truncation.controls import Uncompensated
from verify.truncation.detach import EVIDENCE, Case, judged_cases
from verify.truncation.detach_autograd import Position, Recorded, detached
from verify.truncation.detach_plan import Tape
from verify.verdicts import Finding, Verdict

RANDOM = ("artbp", "artbp_schedule", "randomised", "randomised_one_step")


@pytest.fixture(autouse=True)
def without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detach_torch, "missing", lambda: "not asked")


def judged(shape: str, *own: Case) -> list[Finding]:
    known, problem = made(shape)
    return [finding for finding in judged_cases(known, problem, own) if finding.evidence == EVIDENCE]


def readout(shape: str) -> set[str]:
    """The parameters that no strategy truncates; none of those of an output that is fed back."""
    return {w.name for w in derived(shape).model.parameters_after}


def assert_refuted(found: list[Finding], shape: str = "rnn") -> None:
    """Every parameter of the recurrence with the losses (others may be out of reach), and none of the readout's."""
    wrong = names(found, Verdict.REFUTED)
    assert wrong >= {w.name for w in derived(shape).model.main.parameters}
    assert not wrong & readout(shape)
    assert all(f.witness is not None and f.witness.where for f in found if f.verdict is Verdict.REFUTED)


@pytest.mark.parametrize("claimed", [2, 4])
@pytest.mark.parametrize("shape", ["rnn", "lstm", "encoder", "fed back", "rnn, last"])
def test_a_window_of_one_step_more_or_less(shape: str, claimed: int) -> None:
    _, problem = made(shape)
    assert_refuted(judged(shape, claims(problem, Window(3), Window(claimed))), shape)


@pytest.mark.parametrize("claimed", [2, 4])
def test_the_witness_has_the_lag_the_numbers_and_the_place(claimed: int) -> None:
    _, problem = made("rnn")
    found = judged("rnn", claims(problem, Window(3), Window(claimed)))
    (wrong,) = (f for f in found if f.claim == "truncated.window.W_h")
    assert wrong.witness is not None
    lag = min(claimed, 3)
    assert wrong.witness.where.startswith(f"loss {lag + 1}, step 1 (lag {lag}), entry (")
    assert (wrong.witness.claimed == 0.0) == (claimed == 2) and (wrong.witness.found == 0.0) == (claimed == 4)


@pytest.mark.parametrize("claimed", [2, 4])
@pytest.mark.parametrize("shape", ["rnn", "lstm", "fed back"])
def test_chunks_of_one_step_more_or_less(shape: str, claimed: int) -> None:
    _, problem = made(shape)
    assert_refuted(judged(shape, claims(problem, Chunks(3), Chunks(claimed))), shape)


@pytest.mark.parametrize("by", [1, -1])
@pytest.mark.parametrize("name", ["chunks", *RANDOM])
def test_cuts_and_factors_of_the_neighbour_link(name: str, by: int) -> None:
    """By one: a cut one step late; and the ξ of the neighbour."""
    _, problem = made("rnn")
    own = strategy(name)
    true = (mixed if own.is_random else runs)(problem, own).factors[0]
    moved = np.concatenate([true[:2], np.roll(true[2:], by)])
    assert (moved != true).any()
    assert_refuted(judged("rnn", claims(problem, own, own, moved)))
    assert not names(judged("rnn", claims(problem, own, own, true)), Verdict.REFUTED)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_missing_compensation(shape: str) -> None:
    _, problem = made(shape)
    own = []
    for true in map(strategy, RANDOM):
        kept = [0.0 if cut else 1.0 for cut in mixed(problem, true).cut[0]]
        own.append(claims(problem, true, Uncompensated(true), kept))
    found = judged(shape, *own)
    for label in {finding.form for finding in found}:
        assert_refuted([finding for finding in found if finding.form == label], shape)


def test_the_age_of_the_schedule_counted_from_nought() -> None:
    _, problem = made("rnn")
    own = Schedule.of_length(3)
    factors, age = [1.0, 1.0], 0
    for cut in mixed(problem, own).cut[0, 2:]:
        factors.append(0.0 if cut else float(1 / (1 - own.chance(age))))
        age = 0 if cut else age + 1
    assert_refuted(judged("rnn", claims(problem, own, own, factors)))


PAIRS: Mapping[str, tuple[Strategy, Strategy]] = {
    "a window is not chunks": (Window(3), Chunks(3)),
    "chunks are not a window": (Chunks(3), Window(3)),
    "as printed is not recursive": (OneStep.of_length(3), Randomised.of_length(3)),
    "recursive is not as printed": (Randomised.of_length(3), OneStep.of_length(3)),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_one_estimator_is_not_the_other(pair: str) -> None:
    """With the very same cuts and factors."""
    _, problem = made("rnn")
    program, claimed = PAIRS[pair]
    factors = mixed(problem, program).factors[0] if program.is_random else ()
    assert_refuted(judged("rnn", claims(problem, program, claimed, factors)))


@pytest.mark.parametrize("kept_at", ["one step late", "one step early"])
def test_h_0_counted_wrongly(kept_at: str) -> None:
    """h_0 is a state like any other: at t = τ it is detached, before it is not."""
    _, problem = made("rnn")
    own = right(problem, Window(3))
    wrong = {3: Tape((3,))} if kept_at == "one step late" else {2: Tape((2,), detached=1)}
    plan = tuple(wrong.get(tape.losses[0], tape) for tape in own.plan)
    found = judged("rnn", replace(own, plan=plan))
    assert names(found, Verdict.REFUTED) == {"h_0"}
    (finding,) = (f for f in found if f.verdict is Verdict.REFUTED)
    assert finding.witness is not None and "the initial state" in finding.witness.where


@pytest.mark.parametrize("apart", [True, False])
def test_an_off_by_one_that_has_vanished_in_the_sum_is_seen_in_its_terms(
    apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lag that should not be there is 10⁻³⁶ of the gradient: no sum shows it, and no tolerance of a sum could."""
    known, problem = made("rnn")
    problem = contracted(problem, 1e-9)
    if not apart:
        monkeypatch.setattr(detach, "MOST_STEPS", 0)
    found = list(judged_cases(known, problem, [claims(problem, Window(4), Window(5))]))
    assert ("W_h" in names(found, Verdict.REFUTED)) == apart


def test_the_readout_is_not_truncated() -> None:
    _, problem = made("rnn")
    found = judged("rnn", right(problem, Window(1)))
    assert names(found, Verdict.AGREED) >= readout("rnn")


# The oracle itself, with an error in it


def test_a_program_that_forgets_to_detach_one_of_two_states(monkeypatch: pytest.MonkeyPatch) -> None:
    """Recorded from the start: from the detached state on, there is nothing to forget."""

    def first_alone(self: Recorded, table: Table, own: Position, number: int) -> None:
        where = place(own.phase.states[0].at(own.step - 1))
        if number == self.tape.detached:
            table.values[where] = detached(table.values[where])

    monkeypatch.setattr(Tape, "first", 1)
    _, problem = made("lstm")
    assert not names(judged("lstm", right(problem, Chunks(3))), Verdict.REFUTED)
    monkeypatch.setattr(Recorded, "_link", first_alone)
    assert_refuted(judged("lstm", right(problem, Chunks(3))), "lstm")


def test_a_program_that_detaches_before_the_readout_has_seen_the_state(monkeypatch: pytest.MonkeyPatch) -> None:
    run = detach_autograd._run

    def too_early(table: Table, equations: tuple[Equation, ...], now: Mapping[Symbol, int]) -> None:
        run(table, equations, now)
        (h,) = made("rnn")[1].model.main.states
        if now.get(t) == 3 and equations == made("rnn")[1].model.main.equations:
            table.values[place(h, now)] = detached(table.values[place(h, now)])

    monkeypatch.setattr(detach_autograd, "_run", too_early)
    _, problem = made("rnn")
    assert_refuted(judged("rnn", right(problem, Chunks(3))))
