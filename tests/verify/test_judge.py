"""All the evidence together: windows of long sequences, absent oracles, exit codes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derive import registry
from derive.assemble import derivation
from derive.errors import BpttError, InputError
from derive.expr import Scale
from derive.indices import T
from derive.prover import Rewriting
from derive.unroll import place
from tests.derive.models import EVERY, EVERY_HEAVY, EVERY_LIGHT, Names, derived, fitting, model
from verify import judge
from verify import steps as steps_module
from verify.judge import LONGEST, evidence
from verify.oracles import complex_step
from verify.perturbation import perturbed
from verify.problem import Problem, random_problem
from verify.program import Program
from verify.rungs import ORACLES, PROOF, VALUES
from verify.steps import check_steps, evaluated
from verify.verdicts import Evidence, Finding, Verdict, merged
from verify.witnessed import Witnessed

RNN = Names("rnn", "tanh")
SOFTMAX = Names("rnn", "tanh", "softmax_cross_entropy")
SMALL = random_problem(model(RNN), steps=4, hidden=3)


def finding(verdict: Verdict) -> Finding:
    return Finding("claim", "evidence", verdict)


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ((), 3),
        ((Verdict.PROVED, Verdict.AGREED, Verdict.EXACT, Verdict.ENCLOSED), 0),
        ((Verdict.AGREED, Verdict.NOT_RUN), 3),
        ((Verdict.AGREED, Verdict.REFUTED), 1),
        ((Verdict.NOT_RUN, Verdict.REFUTED), 1),
    ],
)
def test_exit_codes(verdicts: tuple[Verdict, ...], code: int) -> None:
    found = Evidence(tuple(finding(v) for v in verdicts))
    assert found.exit_code == code
    assert found.counts() == {v.value: 1 for v in Verdict if v in verdicts}
    assert len(found.about("claim")) == len(verdicts) and not found.about("another")


def test_findings_are_merged_and_given_as_data() -> None:
    found = merged([[finding(Verdict.AGREED)], [finding(Verdict.NOT_RUN)]])
    assert [f.verdict for f in found.findings] == [Verdict.AGREED, Verdict.NOT_RUN]
    assert found.findings[1].as_json() == {"claim": "claim", "evidence": "evidence", "verdict": "NOT RUN"}
    assert all(v.meaning for v in Verdict)


@pytest.mark.parametrize("name", registry.names(ORACLES))
def test_an_absent_oracle_is_a_visible_verdict(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = registry.load(ORACLES, name, "oracle")
    monkeypatch.setattr(module, "missing", lambda: "it is not installed")
    found = evidence(derived(RNN), SMALL, [name])
    about = [f for f in found.findings if f.evidence == name]
    assert [(f.verdict, f.reason) for f in about] == [(Verdict.NOT_RUN, "it is not installed")]
    assert found.exit_code == 3


def test_an_unknown_oracle_is_refused_with_the_choices() -> None:
    with pytest.raises(InputError, match=r"no oracle 'nothing'.*complex_step"):
        evidence(derived(RNN), SMALL, ["nothing"])


def test_all_is_well_with_a_right_derivation_and_nothing_with_a_wrong_one() -> None:
    heard: list[str] = []
    right = evidence(derived(RNN), SMALL, ["complex_step"], heard.append)
    assert right.exit_code == 0 and complex_step.TITLE in heard
    key = "gradient.W_h"
    wrong = evidence(derived(RNN).with_step(key, rhs=Scale(2, derived(RNN)[key].rhs)), SMALL, ["complex_step"])
    assert wrong.exit_code == 1
    assert {f.claim for f in wrong.with_verdict(Verdict.REFUTED)} == {key}


# --- steps


@EVERY_LIGHT
def test_every_step_is_judged_and_none_is_refuted(names: Names) -> None:
    every_step_holds(names)


@pytest.mark.slow
@EVERY_HEAVY
def test_every_step_of_a_large_model_is_judged_and_none_is_refuted(names: Names) -> None:
    every_step_holds(names)


def every_step_holds(names: Names) -> None:
    problem = random_problem(model(names), steps=4, hidden=2, seed=1)
    found = list(check_steps(derived(names), problem))
    values = [f for f in found if f.evidence == VALUES]
    proofs = [f for f in found if f.evidence == PROOF]
    assert [f.claim for f in values] == [step.key for step in derived(names)]
    assert [f.claim for f in proofs] == [step.key for step in derived(names) if step.proof]
    assert {f.verdict for f in values} == {Verdict.AGREED}
    assert {f.verdict for f in proofs} == {Verdict.PROVED}


@pytest.mark.parametrize("key", [step.key for step in derived(SOFTMAX)])
def test_a_changed_factor_in_any_step_is_refuted_there(key: str) -> None:
    """Except where the right-hand side is zero, twice anything is another claim."""
    right = derived(SOFTMAX)
    problem = random_problem(model(SOFTMAX), steps=4, hidden=2, seed=0)
    environments = [Witnessed(problem, right.model.recurrent_parameters[0])]
    wrong = replace(right[key], rhs=Scale(2, right[key].rhs))
    expected = Verdict.AGREED if evaluated(right[key], environments).scale == 0.0 else Verdict.REFUTED
    found = evaluated(wrong, environments)
    assert found.verdict is expected
    assert expected is Verdict.AGREED or (found.witness is not None and "entry (" in found.witness.where)
    assert expected is Verdict.REFUTED or key.startswith(("recursion.start", "form.start"))


def test_a_proof_that_rests_on_a_refuted_step_is_not_counted() -> None:
    right = derived(RNN)
    wrong = right.with_step("recursion.short", rhs=Scale(2, right["recursion.short"].rhs))
    found = {f.claim: f for f in check_steps(wrong, SMALL) if f.evidence == PROOF}
    assert found["recursion.short"].verdict is Verdict.NOT_RUN
    assert found["expansion.start"].verdict is Verdict.NOT_RUN and "refuted" in found["expansion.start"].reason


def test_a_witness_measures_one_sequence_only() -> None:
    many = random_problem(model(RNN), steps=3, hidden=2, batch=2)
    with pytest.raises(BpttError, match="one sequence at a time"):
        evaluated(derived(RNN)["model.z"], [Witnessed(many, model(RNN).recurrent_parameters[0])])


def test_a_claim_about_a_step_that_does_not_exist_is_a_finding() -> None:
    right = derived(RNN)["expansion.distribute1"]
    wider = replace(right, where=tuple(replace(own, lower=own.lower - 1) for own in right.where))
    found = evaluated(wider, [Witnessed(SMALL, model(RNN).recurrent_parameters[0])])
    assert found.verdict is not Verdict.AGREED


def test_a_proof_does_not_go_in_a_circle() -> None:
    """A step that names itself, or a later one, as its premise is not proved."""
    right = derived(RNN)
    step = right["adjoint.recursion"]
    for premise in ("adjoint.recursion", "gradient.delta"):
        circular = replace(step, proof=Rewriting(start=premise))
        wrong = replace(right, steps=tuple(circular if s is step else s for s in right.steps))
        found = {f.claim: f for f in check_steps(wrong, SMALL) if f.evidence == PROOF}
        assert found["adjoint.recursion"].verdict is Verdict.NOT_RUN
        assert "not established before it" in found["adjoint.recursion"].reason


def test_nothing_rests_on_a_step_whose_own_proof_fails() -> None:
    right = derived(RNN)
    step = right["expansion.collect"]
    unproven = replace(step, proof=Rewriting(start="expansion.start"))
    weak = replace(right, steps=tuple(unproven if s is step else s for s in right.steps))
    found = {f.claim: f.verdict for f in check_steps(weak, SMALL) if f.evidence == PROOF}
    assert found["expansion.collect"] is found["expansion.absorb"] is found["back.state"] is Verdict.NOT_RUN


def test_a_range_without_a_point_is_not_agreement() -> None:
    right = derived(RNN)["adjoint.recursion"]
    far = replace(right, where=tuple(replace(own, lower=own.lower + 50) for own in right.where))
    assert evaluated(far, [Witnessed(SMALL, model(RNN).recurrent_parameters[0])]).verdict is Verdict.NOT_RUN


def saturated() -> tuple[Problem, list[Witnessed]]:
    """Outputs so near one that 1 − o has lost half of its digits; the loss takes its logarithm."""
    names = Names("diagonal", loss="binary_cross_entropy", layers=2)
    problem = random_problem(model(names), steps=4, hidden=2, seed=0, drive=1.0)
    far_off = {place(problem.model.readout.bias): np.full((3, 1), 17.0)}
    problem = problem.with_given({**problem.given, **far_off})
    return problem, [Witnessed(problem, problem.model.recurrent_parameters[0])]


def test_what_a_saturated_output_rounds_is_not_refuted(monkeypatch: pytest.MonkeyPatch) -> None:
    problem, environments = saturated()
    output = problem.forward.values[place(problem.model.readout.output.target.at(4))]
    assert 1e-12 < np.min(1 - output) < 1e-6
    steps = derivation(problem.model)
    keys = ("chain.factors", "chain.seed", "seed.cancel")
    assert not any(evaluated(steps[key], environments).verdict is Verdict.REFUTED for key in keys)
    for key in keys:
        wrong = replace(steps[key], rhs=Scale(-1, steps[key].rhs))
        assert evaluated(wrong, environments).verdict is Verdict.REFUTED
    monkeypatch.setattr(steps_module, "_amplified", lambda *of: 0.0)
    assert any(evaluated(steps[key], environments).verdict is Verdict.REFUTED for key in keys), "it is needed"


# --- problems and windows


def ell(problem: Problem, step: int) -> np.ndarray:
    return np.asarray(problem.forward.values["ell", "loss", step])


@pytest.mark.parametrize("count", [1, 4, 9])
@pytest.mark.parametrize("names", list(fitting(wiring="every")), ids=str)
def test_the_last_steps_are_the_tail_of_the_whole(names: Names, count: int) -> None:
    whole = random_problem(model(names), steps=10, hidden=3, seed=4, drive=0.3)
    tail = whole.last(count)
    assert tail.steps == count and whole.steps == 10
    for step in range(1, count + 1):
        assert np.array_equal(ell(tail, step).ravel(), ell(whole, 10 - count + step).ravel())
    total = tail.forward.values[place(tail.model.total)]
    assert np.allclose(total, sum(ell(whole, s) for s in range(11 - count, 11)) / count, rtol=1e-14, atol=0)


@pytest.mark.parametrize("names", list(fitting(wiring="last")), ids=str)
def test_the_last_steps_lead_to_the_one_loss_at_the_end(names: Names) -> None:
    whole = random_problem(model(names), steps=7, hidden=3, seed=4, drive=0.3)
    tail = whole.last(3)
    assert tail.steps == 3 and np.array_equal(ell(tail, 3).ravel(), ell(whole, 7).ravel())


@pytest.mark.parametrize("names", list(fitting(wiring="seq2seq")), ids=str)
def test_what_an_encoder_starts_is_left_whole(names: Names) -> None:
    whole = random_problem(model(names), steps=7, hidden=3)
    assert whole.last(3) is whole


def test_all_of_it_is_the_problem_itself() -> None:
    assert SMALL.last(4) is SMALL and SMALL.last(99) is SMALL


def test_a_window_of_a_batch_starts_from_its_mean_state() -> None:
    """h_0 is shared by a batch, so a window of a batch is a problem of its own: it is no tail."""
    whole = random_problem(model(RNN), steps=6, hidden=3, batch=3)
    tail = whole.last(2)
    reached = whole.forward.values["h", "state", 4]
    assert np.allclose(tail.given["h", "state", 0], reached.mean(axis=0), rtol=1e-15, atol=0)
    assert tail.given["h", "state", 0].shape == (3, 1) and tail.label["batch"] == 3


def windows(problem: Problem, window: int) -> None:
    """Every lag and form of the window, the sweep and the code of the whole, and nothing refuted or left out."""
    found = evidence(derived(RNN), problem, ["complex_step"])
    about = [f for f in found.findings if f.evidence == "complex_step"]
    assert {f.sizes["T"] for f in about} == {window, problem.steps}
    whole = [f for f in about if f.sizes["T"] == problem.steps]
    for form in ("adjoint", "compiled"):
        assert len([f for f in whole if f.form == form]) == len(problem.sources)
    assert {f.form for f in whole} == {"adjoint", "compiled"}
    lags = [f.claim for f in about if f.claim.startswith("lag.W_h.")]
    assert sorted(lags) == sorted(f"lag.W_h.{lag}" for lag in range(window))
    assert {f.verdict for f in about} == {Verdict.AGREED}


def long(steps: int, batch: int = 1) -> Problem:
    return random_problem(model(RNN), steps=steps, hidden=2, inputs=1, outputs=1, batch=batch, drive=0.5)


def test_a_long_sequence_is_judged_in_a_window_and_as_a_whole() -> None:
    assert LONGEST < 60
    windows(long(60), LONGEST)


@pytest.mark.parametrize("batch", [1, 3])
def test_a_window_of_any_length_and_batch(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "LONGEST", 5)
    windows(long(9, batch), 5)


def test_a_wrong_gradient_of_a_long_sequence_is_refuted_in_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "LONGEST", 5)
    key = "gradient.W_h"
    wrong = derived(RNN).with_step(key, rhs=Scale(1 - 1 / T, derived(RNN)[key].rhs))
    found = evidence(wrong, long(9), ["complex_step"])
    about = {f.sizes["T"] for f in found.with_verdict(Verdict.REFUTED) if f.evidence == "complex_step"}
    assert about == {5, 9}


@EVERY
def test_a_random_problem_is_seeded_and_fits_its_model(names: Names) -> None:
    one, two, other = (random_problem(model(names), steps=2, batch=2, seed=seed) for seed in (7, 7, 8))
    assert set(one.given) == set(two.given)
    assert all(np.array_equal(one.given[key], two.given[key]) for key in one.given)
    assert any(not np.array_equal(one.given[key], other.given[key]) for key in one.given)
    assert one.kink_margin > 1e-4
    if one.model.loss.targets == "simplex":
        assert np.allclose(one.given[place(one.model.readout.target.at(2))].sum(axis=1), 1, rtol=1e-15, atol=0)
    assert np.any(one.given[place(one.model.initial_states[0])] != 0)
    assert one.label["batch"] == 2


def test_the_program_weighs_and_adds_up_the_losses() -> None:
    problem = random_problem(model(RNN), steps=3, hidden=2, batch=2)
    total = problem.forward.values[place(problem.model.total)].mean()
    for untied, count in ((False, 1), (True, 3)):
        program = Program(problem, untied)
        losses = program(program.point)
        assert losses.shape == (count,)
        assert losses.sum() == pytest.approx(total, rel=1e-14)
        stacked = {name: np.stack([array, 2 * array]) for name, array in program.point.items()}
        assert program(stacked).shape == (2, count)
        assert program(stacked)[0] == pytest.approx(losses, rel=1e-14)
        assert program(stacked)[1] != pytest.approx(losses, rel=1e-3)


def test_untied_copies_are_the_copies_of_their_steps() -> None:
    """Moving the copy of the last step leaves the losses before it as they are."""
    problem = random_problem(model(RNN), steps=3, hidden=2)
    program = Program(problem, untied=True)
    moved = {name: array.copy() for name, array in program.point.items()}
    moved["W_h"][2] += 1.0
    before, after = program(program.point), program(moved)
    assert np.array_equal(before[:2], after[:2]) and before[2] != after[2]


def test_every_entry_is_moved_once() -> None:
    point = {"W": np.zeros((20, 17)), "b": np.ones((2, 1))}
    batches = list(perturbed(point, "W", 0.5))
    assert all(b["b"] is point["b"] for b in batches)
    moved = np.concatenate([b["W"] for b in batches]).reshape(340, 340)
    assert np.array_equal(moved, 0.5 * np.eye(340))
    assert max(b["W"].shape[0] for b in batches) <= 256
    assert np.array_equal(np.concatenate([b["b"] for b in perturbed(point, "b", 1j)])[0], [[1 + 1j], [1]])
