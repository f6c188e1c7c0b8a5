"""PyTorch as a witness: it agrees with what is right, sees what is wrong, and its absence is said.

What needs PyTorch is skipped where it is not installed; what it once computed is in ``tests/test_state_dicts.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from bptt.command_line import main
from derive.assemble import derivation
from derive.cell import Cell, Equation, inner, lag, parameter, state
from derive.derivation import Derivation
from derive.expr import Scale
from derive.functions import tanh
from derive.indices import N_STATE, T
from derive.model import Model, build, cell_named
from derive.nonlinear import Map
from derive.run import FORMS, name_of
from tests.test_state_dicts import NAMES, assert_near, derived, read, recorded
from verify.comparison import Subject
from verify.judge import LONGEST, evidence
from verify.oracles import torch_modules
from verify.oracles.torch_modules import NAME, inapplicable, judge
from verify.problem import Problem, random_problem
from verify.verdicts import Finding, Verdict

with_torch = pytest.mark.skipif(bool(torch_modules.missing()), reason=torch_modules.missing() or "PyTorch is here")
CELLS = (("rnn", "tanh"), ("rnn", "relu"), ("gru", ""), ("lstm", ""))
OUTPUTS = (
    ("softmax_cross_entropy", "softmax"), ("softmax_cross_entropy", "masked_softmax"),
    ("binary_cross_entropy", "sigmoid"), ("squared_error", "identity"), ("squared_error", "relu"),
    ("squared_error", "masked_softmax"),
)  # fmt: skip
SHAPES: tuple[Mapping[str, object], ...] = (
    {}, {"layers": 2}, {"feedback": True}, {"wiring": "last", "layers": 2}, {"wiring": "last", "feedback": True},
    {"wiring": "seq2seq"}, {"wiring": "seq2seq", "bridge": "softmax", "feedback": True, "layers": 2},
)  # fmt: skip


@cache
def rnn() -> Derivation:
    return derivation(build())


def small(model: Model, **more: int) -> Problem:
    return random_problem(model, **{"steps": 3, "hidden": 3, "inputs": 2, "outputs": 3, "batch": 2, "seed": 1, **more})


def judged(model: Model, problem: Problem | None = None) -> list[Finding]:
    """By the adjoint sweep alone: the other forms are the other oracles' business."""
    return list(judge(Subject(problem or small(model), derivation(model), (FORMS[-1],))))


def refuted(findings: list[Finding]) -> set[str]:
    return {finding.claim for finding in findings if finding.verdict is Verdict.REFUTED}


def all_agree(model: Model) -> list[Finding]:
    findings = judged(model)
    assert {finding.verdict for finding in findings} == {Verdict.AGREED}, [f for f in findings if f.reason]
    assert all(finding.error is not None and finding.error < 1e-11 for finding in findings)
    return findings


# Where PyTorch is not installed, or has nothing like the model


def test_absent_and_unasked_it_is_noted_and_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_modules, "find_spec", lambda name: None)
    found = evidence(rnn(), small(rnn().model, batch=1))
    assert found.exit_code == 0 and not found.with_verdict(Verdict.NOT_RUN)
    assert [(f.evidence, f.verdict) for f in found.left_out] == [(NAME, Verdict.NOT_RUN)]
    assert "pip install 'bptt[torch]'" in found.left_out[0].reason


def test_absent_and_asked_for_it_is_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_modules, "find_spec", lambda name: None)
    found = evidence(rnn(), small(rnn().model), [NAME])
    assert found.exit_code == 3 and not found.left_out
    assert [f.evidence for f in found.with_verdict(Verdict.NOT_RUN)] == [NAME]


@pytest.mark.parametrize("name", ["rnn-sigmoid", "rnn-identity", "peephole", "jordan", "leaky", "diagonal"])
def test_what_pytorch_has_no_module_for_is_said(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cell, _, variant = name.partition("-")
    model = build(cell, variant=variant)
    assert "no module with the equations of" in inapplicable(model) and name in inapplicable(model)
    monkeypatch.setattr(torch_modules, "find_spec", lambda name: object())
    found = evidence(derivation(model), small(model), [NAME])
    assert found.exit_code == 3 and found.with_verdict(Verdict.NOT_RUN)[0].reason == inapplicable(model)


def test_an_output_or_a_loss_that_it_does_not_know_is_said() -> None:
    model = build("gru")
    for wrong in (
        replace(model, normalisation=replace(model.normalisation, name="sparsemax")),
        replace(model, loss=replace(model.loss, name="hinge")),
    ):
        assert "not known how PyTorch" in inapplicable(wrong) and not inapplicable(model)


@pytest.mark.parametrize("more", SHAPES, ids=str)
@pytest.mark.parametrize(("cell", "variant"), CELLS)
def test_what_pytorch_has_is_known(cell: str, variant: str, more: Mapping[str, object]) -> None:
    assert inapplicable(build(cell, variant=variant, **more)) == ""  # type: ignore[arg-type]


# Where it is


@with_torch
@pytest.mark.parametrize("more", SHAPES, ids=str)
@pytest.mark.parametrize(("cell", "variant"), CELLS)
def test_it_agrees_with_every_cell_in_every_wiring(cell: str, variant: str, more: Mapping[str, object]) -> None:
    model = build(cell, variant=variant, **more)  # type: ignore[arg-type]
    claims = {finding.claim for finding in all_agree(model)}
    prefix = "torch.decoder." if more.get("wiring") == "seq2seq" else "torch."
    output = model.readout.output.target.name
    assert {"forward.L", f"forward.{output}", f"{prefix}weight_hh_l0", "torch.readout.bias"} <= claims
    assert {f"forward.{s.name}" for phase in model.phases for s in phase.cell.states} <= claims
    assert {f"gradient.{name_of(source)}" for source in small(model).sources} <= claims


@with_torch
@pytest.mark.parametrize(("loss", "normalisation"), OUTPUTS)
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_it_agrees_with_every_output_and_loss(cell: str, loss: str, normalisation: str) -> None:
    all_agree(build(cell, loss=loss, normalisation=normalisation))


@with_torch
def test_every_form_is_compared_under_both_names() -> None:
    findings = list(judge(Subject(small(rnn().model), rnn())))
    for claim in ("gradient.W_h", "torch.weight_hh_l0"):
        assert {f.form for f in findings if f.claim == claim} == {form.name for form in FORMS}


def reordered(name: str, first: str, second: str) -> Model:
    """A cell whose map has two gates of every stack in each other's places."""
    cell = cell_named(name)
    exchange = {first: second, second: first}
    names = [ours[:-1] + exchange.get(ours[-1], ours[-1]) for ours in cell.pytorch]
    return build(replace(cell, pytorch={ours: cell.pytorch[ours] for ours in names}))


@with_torch
@pytest.mark.parametrize(("name", "first", "second"), [("gru", "r", "z"), ("lstm", "i", "f"), ("lstm", "g", "o")])
def test_gates_in_a_wrong_order_are_refuted(name: str, first: str, second: str) -> None:
    wrong = reordered(name, first, second)
    assert wrong.cell.pytorch == cell_named(name).pytorch and list(wrong.cell.pytorch) != list(cell_named(name).pytorch)
    found = refuted(judged(wrong))
    assert {"forward.h", "forward.L", "torch.weight_hh_l0"} <= found


def misplaced_bias() -> Cell:
    """b_hn outside of the reset, as in Cho's paper and not as in PyTorch."""
    cell = cell_named("gru")
    h, n = state("h", N_STATE), N_STATE
    changed = {
        "v": parameter("W_hn", n, n) @ lag(h),
        "u_n": next(e.expression for e in cell.equations if e.target.name == "u_n") + parameter("b_hn", n),
    }
    equations = (Equation(e.target, changed.get(e.target.name, e.expression)) for e in cell.equations)
    return replace(cell, equations=tuple(equations))


@with_torch
def test_a_bias_outside_of_the_reset_is_refuted_by_pytorch_alone() -> None:
    model = build(misplaced_bias())
    assert {"forward.h", "gradient.b_hn", "torch.bias_hh_l0"} <= refuted(judged(model))
    assert evidence(derivation(model), small(model, batch=1), ["complex_step"]).exit_code == 0


def old_cell_state() -> Cell:
    """h_t = o_t ⊙ tanh(c_{t−1})."""
    cell = cell_named("lstm")
    late = Equation(inner("r", N_STATE), Map(tanh, lag(state("c", N_STATE))))
    return replace(cell, equations=tuple(late if e.target == late.target else e for e in cell.equations))


@with_torch
def test_a_wrong_forward_equation_is_refuted() -> None:
    assert "forward.h" in refuted(judged(build(old_cell_state())))


@with_torch
def test_a_wrong_gradient_is_refuted_under_both_names_and_the_forward_values_are_not() -> None:
    key = "gradient.W_h"
    wrong = rnn().with_step(key, rhs=Scale(-1, rnn()[key].rhs))
    found = list(judge(Subject(small(rnn().model), wrong, (FORMS[-1],))))
    assert refuted(found) == {key, "torch.weight_hh_l0"}
    assert all(f.witness and f.witness.where.startswith("entry (") for f in found if f.verdict is Verdict.REFUTED)


@with_torch
def test_at_a_kink_forward_values_are_compared_and_gradients_are_not() -> None:
    model = build("rnn", variant="relu")
    problem = small(model)
    zeros = {where: 0 * array if where[0] in ("W_h", "W_i", "b_ih", "b_hh") else array
             for where, array in problem.given.items()}  # fmt: skip
    findings = judged(model, problem.with_given(zeros))
    assert [f.claim for f in findings if f.verdict is Verdict.NOT_RUN] == ["gradient"]
    assert all(f.claim.startswith("forward.") for f in findings if f.verdict is Verdict.AGREED)


@with_torch
def test_a_long_sequence_is_judged_as_a_whole_too() -> None:
    steps = LONGEST + 12
    found = evidence(rnn(), small(rnn().model, steps=steps, batch=1), [NAME])
    about = [f for f in found.about("torch.weight_hh_l0") if f.form == "adjoint"]
    assert [f.sizes[T.name] for f in about] == [LONGEST, steps] and found.exit_code == 0


@with_torch
def test_the_names_of_pytorchs_parameters_are_in_the_terminal_and_in_the_report(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["verify", "gru", "--oracle", NAME, "--steps", "2", "--hidden", "2"]) == 0
    shown = capsys.readouterr().out
    assert main(["report", "gru", "-o", str(tmp_path / "r.txt")]) == 0
    printed = (tmp_path / "r.txt").read_text(encoding="utf-8")
    names = {*cell_named("gru").pytorch.values(), "readout.weight", "readout.bias"}
    assert all(name in text for name in names for text in (shown, printed))


@with_torch
def test_two_runs_are_the_same_to_the_last_bit() -> None:
    model = build("lstm", layers=2)
    assert judged(model) == judged(model)


@with_torch
@pytest.mark.parametrize("name", NAMES)
def test_step_by_step_it_computes_what_it_recorded_in_one_call(name: str, tmp_path: Path) -> None:
    """The oracle hands states on by itself; the fixtures were made by one call on the whole sequence."""
    problem = read(name, tmp_path, derived(name).model)
    seen = problem.model.cell.seen
    found = torch_modules.Network(problem).run()
    states = np.hstack([step.T for step in recorded(name)["states"]])
    assert_near(found.forward[seen.name], states, "states")
    weights = recorded(name)["gradient.readout.weight"]
    assert_near(found.gradients[problem.model.readout.weight], weights, "readout")
