"""Every strategy is what a recorded program with a detached state computes, for every kind of chain."""

from __future__ import annotations

import numpy as np
import pytest

from derive.strategies.window import Window
from tests.truncation.detach.networks import (
    OTHERS,
    SHAPES,
    STRATEGIES,
    contracted,
    made,
    names,
    right,
    strategy,
)  # fmt: skip
from verify.truncation import detach, detach_torch
from verify.truncation.detach import EVIDENCE, compared
from verify.truncation.detach_autograd import losses, terms, totals
from verify.truncation.detach_plan import Tape, tapes
from verify.truncation.detach_terms import Term
from verify.verdicts import Verdict


@pytest.fixture(autouse=True)
def without_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detach_torch, "missing", lambda: "not asked")


@pytest.mark.parametrize("shape", [*SHAPES, *OTHERS])
def test_every_gradient_and_every_term_of_every_strategy_agrees(shape: str) -> None:
    known, problem = made(shape)
    every = [strategy(name) for name in STRATEGIES]
    found = [finding for finding in compared(known, problem, every) if finding.evidence == EVIDENCE]
    parameters = {w.name for w in problem.model.parameters} | {f"{h.name}_0" for h in problem.model.initial_states}
    for own in every:
        of_it = [finding for finding in found if finding.claim.startswith(f"truncated.{own.name}.")]
        assert names(of_it, Verdict.AGREED) == parameters
        assert len(of_it) == len(parameters) * (2 if own.is_random else 1)
    assert {finding.verdict for finding in found} == {Verdict.AGREED}, [f for f in found if f.witness]
    assert all(f.tolerance is not None and f.tolerance < 1e-10 for f in found)
    assert not any("too small" in f.reason for f in found)


@pytest.mark.parametrize("length", [1, 2, 6, 7, 20])
@pytest.mark.parametrize("name", ["window", "chunks"])
def test_all_lengths_of_a_truncation_agree(name: str, length: int) -> None:
    known, problem = made("rnn")
    found = compared(known, problem, [strategy(name, length)])
    assert {finding.verdict for finding in found if finding.evidence == EVIDENCE} == {Verdict.AGREED}


def test_what_a_program_does_not_have_is_exactly_nothing() -> None:
    _, problem = made("rnn")
    found = terms(problem, tapes(Window(2), losses(problem), [False] * 7))
    for late in range(1, 7):
        for early in range(1, 7):
            is_there = bool(np.any(found[Term("W_h", late, early)]))
            assert is_there == (0 <= late - early < 2)
        assert bool(np.any(found[Term("h_0", late, 0)])) == (late < 2)


@pytest.mark.parametrize("name", STRATEGIES)
def test_the_terms_add_up_to_the_gradient_of_the_shared_parameter(name: str) -> None:
    _, problem = made("encoder")
    plan = right(problem, strategy(name)).plan
    whole, apart = totals(problem, plan), terms(problem, plan)
    for own, array in whole.items():
        added = sum(term for key, term in apart.items() if key.name == own.name)
        np.testing.assert_allclose(added, array, rtol=1e-12, atol=1e-13 * np.abs(array).max())


@pytest.mark.parametrize("shape", ["lstm", "encoder, bridge, fed back"])
@pytest.mark.parametrize("name", STRATEGIES)
def test_starting_from_the_constant_state_is_the_same_as_detaching_it_on_the_way(
    name: str, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, problem = made(shape)
    plan = right(problem, strategy(name)).plan
    short = totals(problem, plan)
    monkeypatch.setattr(Tape, "first", 1)
    for own, array in totals(problem, plan).items():
        np.testing.assert_allclose(short[own], array, rtol=1e-11, atol=1e-13 * np.abs(array).max())


def test_lags_that_have_vanished_are_judged_at_their_own_scale() -> None:
    known, problem = made("rnn")
    problem = contracted(problem, 1e-9)
    found = [f for f in compared(known, problem, [Window(5)]) if f.evidence == EVIDENCE]
    assert {finding.verdict for finding in found} == {Verdict.AGREED}


def test_a_long_sequence_is_judged_by_its_sums(monkeypatch: pytest.MonkeyPatch) -> None:
    known, problem = made("rnn")
    assert any("21 terms" in f.reason for f in compared(known, problem, [Window(3)]))
    monkeypatch.setattr(detach, "MOST_STEPS", 5)
    assert not any("terms" in f.reason for f in compared(known, problem, [Window(3)]))


def test_at_a_kink_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    known, problem = made("rnn, relu")
    monkeypatch.setitem(problem.__dict__, "kink_margin", 1e-12)
    found = compared(known, problem, [Window(3)])
    assert [(f.verdict, f.claim) for f in found] == [(Verdict.NOT_RUN, "truncated")]


def test_the_same_seed_draws_the_same_runs() -> None:
    known, problem = made("rnn")
    first, again, other = (compared(known, problem, [strategy("artbp")], seed) for seed in (1, 1, 2))
    assert first == again and first != other
