"""The same by PyTorch's own ``detach`` and hooks; and the loops that are printed, run."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from derive.strategies.chunks import Chunks
from derive.strategies.window import Window
from derive.strategy import Strategy
from derive.unroll import place
from reports.truncation.loops import LOOPS
from tests.truncation.detach.networks import (
    OTHERS,
    SHAPES,
    STRATEGIES,
    claims,
    made,
    mixed,
    names,
    right,
    strategy,
)
from verify.comparison import judged as judged_block
from verify.problem import Problem
from verify.program import Measured
from verify.truncation import detach_torch
from verify.truncation.controls import Uncompensated
from verify.truncation.detach import Case, compared, judged_cases
from verify.truncation.detach_plan import Tape
from verify.truncation.detach_terms import blocks
from verify.truncation.detach_torch import EVIDENCE
from verify.verdicts import Finding, Verdict

with_torch = pytest.mark.skipif(bool(detach_torch.missing()), reason=detach_torch.missing() or "PyTorch is here")


def judged(shape: str, own: Case) -> list[Finding]:
    known, problem = made(shape)
    return [finding for finding in judged_cases(known, problem, [own]) if finding.evidence == EVIDENCE]


def test_its_absence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detach_torch, "missing", lambda: "PyTorch is not installed")
    known, problem = made("rnn")
    (found,) = (f for f in compared(known, problem, [Window(3)]) if f.evidence == EVIDENCE)
    assert (found.verdict, found.reason) == (Verdict.NOT_RUN, "PyTorch is not installed")


@pytest.mark.parametrize("shape", OTHERS)
def test_a_cell_that_it_does_not_have_is_said(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detach_torch, "missing", lambda: "")
    known, problem = made(shape)
    (found,) = (f for f in compared(known, problem, [Window(3)]) if f.evidence == EVIDENCE)
    assert found.verdict is Verdict.NOT_RUN and "no module" in found.reason


@with_torch
@pytest.mark.parametrize("shape", SHAPES)
def test_every_gradient_of_every_strategy_agrees(shape: str) -> None:
    known, problem = made(shape)
    found = [f for f in compared(known, problem, list(map(strategy, STRATEGIES))) if f.evidence == EVIDENCE]
    parameters = {w.name for w in problem.model.parameters} | {f"{h.name}_0" for h in problem.model.initial_states}
    assert names(found, Verdict.AGREED) == parameters
    assert {finding.verdict for finding in found} == {Verdict.AGREED}, [f for f in found if f.witness]
    assert all(f.tolerance is not None and f.tolerance < 1e-10 for f in found)


@with_torch
@pytest.mark.parametrize("claimed", [2, 4])
@pytest.mark.parametrize("kind", [Window, Chunks])
def test_a_truncation_of_one_step_more_or_less_is_refuted(kind: type[Window] | type[Chunks], claimed: int) -> None:
    _, problem = made("lstm")
    wrong = names(judged("lstm", claims(problem, kind(3), kind(claimed))), Verdict.REFUTED)
    assert wrong >= {w.name for w in problem.model.main.parameters}


@with_torch
@pytest.mark.parametrize("name", ["artbp", "artbp_schedule", "randomised", "randomised_one_step"])
def test_a_missing_compensation_is_refuted(name: str) -> None:
    _, problem = made("rnn")
    own = strategy(name)
    kept = [0.0 if cut else 1.0 for cut in mixed(problem, own).cut[0]]
    found = judged("rnn", claims(problem, own, Uncompensated(own), kept))
    assert names(found, Verdict.REFUTED) >= {"W_h", "W_i", "b_ih"} and "W_o" in names(found, Verdict.AGREED)


@with_torch
def test_h_0_counted_wrongly_is_refuted() -> None:
    _, problem = made("rnn")
    own = right(problem, Window(3))
    plan = tuple(Tape((3,)) if tape.losses == (3,) else tape for tape in own.plan)
    assert names(judged("rnn", Case(own.claim, plan)), Verdict.REFUTED) == {"h_0"}


@with_torch
def test_a_hook_on_the_state_itself_scales_its_own_loss_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Why what is handed on is a copy."""

    def hooked(rows: Any, factor: float) -> Any:
        rows.register_hook(lambda gradient: factor * gradient)
        return rows

    monkeypatch.setattr(detach_torch, "scaled", hooked)
    _, problem = made("rnn")
    assert "W_h" in names(judged("rnn", right(problem, strategy("artbp"))), Verdict.REFUTED)


@with_torch
def test_a_program_that_forgets_to_detach_one_of_two_states_is_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every other call is for the state c of an LSTM."""
    handed_on, calls = detach_torch.Detaching._handed_on, [0]

    def first_alone(self: detach_torch.Detaching, rows: Any) -> Any:
        calls[0] += 1
        return handed_on(self, rows) if calls[0] % 2 else rows

    monkeypatch.setattr(detach_torch.Detaching, "_handed_on", first_alone)
    _, problem = made("lstm")
    wrong = names(judged("lstm", right(problem, Chunks(3))), Verdict.REFUTED)
    assert wrong >= {w.name for w in problem.model.main.parameters}


# The printed loops


def loop(listing: str, problem: Problem, tau: int) -> dict[str, Any]:
    """The gradients that a printed loop leaves in its parameters, by our names."""
    import torch

    def given(name: str, kind: str, step: int | None = None) -> Any:
        return torch.tensor(problem.given[name, kind, step], dtype=torch.float64)

    net = detach_torch.Detaching(problem)
    rnn, readout = net.modules["cell"], net.modules["readout"]
    start = given("h", "state", 0).requires_grad_()
    (x,), y, steps = problem.model.cell.inputs, problem.model.readout.target, problem.steps
    batch = problem.label["batch"]

    def cell(seen: Any, h: Any) -> Any:
        return rnn(seen[None], h[None])[1][0]

    def criterion(score: Any, target: Any) -> Any:
        return torch.nn.functional.cross_entropy(score, target)

    scope = {
        "cell": cell, "readout": readout, "criterion": criterion, "h_0": start[:, 0].expand(batch, -1),
        "x": [None, *(given(*place(x.at(step)))[..., 0] for step in range(1, steps + 1))],
        "y": [None, *(given(*place(y.at(step)))[..., 0] for step in range(1, steps + 1))],
        "T": steps, "tau": tau,
    }  # fmt: skip
    exec(listing, scope)
    found = {slot.label: net.modules[slot.module].get_parameter(slot.name).grad for slot in net.named}
    return {"h_0": torch.zeros_like(start) if start.grad is None else start.grad, **found}


PYTORCH = {
    "W_h": "weight_hh_l0", "W_i": "weight_ih_l0", "b_ih": "bias_ih_l0", "b_hh": "bias_hh_l0",
    "W_o": "readout.weight", "b_o": "readout.bias",
}  # fmt: skip


@with_torch
@pytest.mark.parametrize("tau", [1, 2, 3, 6, 9])
@pytest.mark.parametrize("name", LOOPS)
def test_a_printed_loop_computes_what_its_strategy_claims(name: str, tau: int) -> None:
    assert set(verdicts(name, strategy(name, tau), tau).values()) == {Verdict.AGREED}


@with_torch
@pytest.mark.parametrize("tau", [2, 3])
@pytest.mark.parametrize("name", LOOPS)
def test_a_printed_loop_is_not_that_of_its_neighbour(name: str, tau: int) -> None:
    for claimed in (tau - 1, tau + 1):
        found = verdicts(name, strategy(name, claimed), tau)
        assert {found[own] for own in ("W_h", "W_i", "b_hh", "h_0")} == {Verdict.REFUTED}
        assert {found[own] for own in ("W_o", "b_o")} == {Verdict.AGREED}


def verdicts(name: str, claimed: Strategy, tau: int) -> dict[str, Verdict]:
    """Of every parameter of a claim, against the printed loop of that name with τ."""
    known, problem = made("rnn")
    (found,) = blocks(known, problem, [right(problem, claimed).claim], (), apart=False)
    theirs = loop(LOOPS[name], problem, tau)
    said = {}
    for term, block in found.items():
        array = theirs[PYTORCH.get(term.name, term.name)].numpy().reshape(block.value.shape)
        said[term.name] = judged_block(block, Measured(array, np.zeros_like(array)), "the loop", problem).verdict
    return said
