"""Every blind spot demonstrated: a mistake that cannot show there, does show beside it, and `verify` is beside it."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bptt.verbs import verify as verb
from derive.indices import N_STATE, T
from derive.sums import substitute
from derive.unroll import place
from tests.derive.models import Names, derived, model
from verify.comparison import Subject
from verify.mutations.blind_spots import BLIND_SPOTS
from verify.mutations.catalogue import kinds, mutants
from verify.mutations.kind import Mutant
from verify.mutations.score import ENOUGH
from verify.mutations.values import Values, apart
from verify.mutations.watch import Outcome
from verify.mutations.watches import forward_mode, free_jets
from verify.oracles import central_differences, complex_step
from verify.problem import Problem, kinked, random_problem
from verify.small import small_problem
from verify.steps import environments_of, evaluated
from verify.verdicts import Verdict

RNN = Names(loss="softmax_cross_entropy")
RELU = Names("indrnn", loss="softmax_cross_entropy")
SATURATED_BRIDGE = Names("diagonal", normalisation="relu", wiring="seq2seq", bridge="softmax", feedback=True)


def mistake(kind: str, step: str, names: Names = RNN) -> Mutant:
    """The mistake of a kind that is made in this step alone; everywhere, where no step is named."""
    found = (m for m in mutants(derived(names)) if m.kind.name == kind)
    return next(m for m in found if (list(m.steps) == [step] if step else len(m.steps) > 1))


def problem(names: Names = RNN, **how: object) -> Problem:
    return random_problem(model(names), **{"steps": 4, "hidden": 3, "seed": 1, **how})  # type: ignore[arg-type]


def from_zero(instance: Problem) -> Problem:
    given = {where: 0 * array if where[:2] == ("h", "state") else array for where, array in instance.given.items()}
    return instance.with_given(given)


def change(mutant: Mutant, instance: Problem, claim: tuple[str, str]) -> float:
    """What a mistake changes in one gradient, relative to its largest entry."""
    values = Values(mutant.right, instance.forward, lags=False)
    return apart(values.changed(mutant)[claim], values.claims[claim])


def test_every_blind_spot_names_a_kind_of_the_catalogue() -> None:
    assert {spot.mistake for spot in BLIND_SPOTS} <= {kind.name for kind in kinds()}
    assert all(spot.where and spot.why.endswith(".") and spot.instead.endswith(".") for spot in BLIND_SPOTS)


@pytest.mark.parametrize(
    ("kind", "step", "claim", "blind", "seeing"),
    [
        ("detached state", "gradient.delta", ("adjoint", "gradient.W_h"),
         [from_zero(problem(steps=2))], [problem(steps=2), from_zero(problem(steps=3))]),
        ("reversed product", "form.expanded_W_h", ("expanded", "gradient.W_h"),
         [problem(hidden=1), problem(steps=2)], [problem(steps=3, hidden=2)]),
        ("stale subscript", "form.expanded_W_h", ("expanded", "gradient.W_h"),
         [problem(steps=1)], [problem(steps=2)]),
    ],
    ids=["detached at T=2, h_0=0", "order at n=1 or T=2", "subscripts at T=1"],
)  # fmt: skip
def test_what_too_small_an_instance_hides(
    kind: str, step: str, claim: tuple[str, str], blind: list[Problem], seeing: list[Problem]
) -> None:
    mutant = mistake(kind, step)
    assert all(change(mutant, instance, claim) < 1e-12 for instance in blind)
    assert all(change(mutant, instance, claim) > 1e-6 for instance in seeing)


def saturated(instance: Problem) -> Problem:
    """Biases so large that tanh is ±1 to the last bit, and its slope 0."""
    given = dict(instance.given)
    for name in ("b_ih", "b_hh"):
        given[name, "parameter", None] = 100 * np.sign(instance.given["b_ih", "parameter", None])
    return instance.with_given(given)


def test_saturation_shows_zero_for_any_multiple_of_a_gradient() -> None:
    """To all that computes in floating point; not to free jets, whose slopes are free numbers."""
    mutant = mistake("wrong sign", "gradient.W_h")
    dead = saturated(problem())
    assert not np.any(Values(mutant.right, dead.forward).claims["adjoint", "gradient.W_h"])
    for oracle in (central_differences, complex_step):
        for instance, expected in ((dead, False), (problem(), True)):
            found = oracle.judge(Subject(instance, mutant.derivation))
            assert any(f.verdict is Verdict.REFUTED for f in found) is expected
    assert free_jets.WATCH.start(mutant.right, dead)(mutant) is Outcome.CAUGHT


def test_a_step_at_which_all_rectified_units_are_off_hides_everything() -> None:
    """The score found it: the first draw of this network is dead at its last step."""
    mutant = next(m for m in mutants(derived(RELU)) if "ends one too early" in m.phrase and "entry.W_i" in m.steps)
    (changed,) = mutant.changed

    def verdict(instance: Problem) -> Verdict:
        return evaluated(changed, environments_of(instance.model, [instance])[""]).verdict

    lively = small_problem(model(RELU), problem(RELU, seed=0))
    dead = next(p for seed in range(50) if _is_off_at_the_end(p := problem(RELU, hidden=2, seed=seed)))
    assert verdict(dead) is Verdict.AGREED and verdict(lively) is Verdict.REFUTED


def _is_off_at_the_end(instance: Problem) -> bool:
    return all(bool(np.all(z[-1] < corner)) for z, corner in kinked(instance.model, instance.forward, instance.sizes))


def test_two_modes_of_the_same_rules_agree_however_wrong_they_are() -> None:
    """JVP and VJP without φ′: a dot test of the two is content."""
    mutant = mistake("missing φ′", "")
    instance = problem()
    values = Values(mutant.right, instance.forward, lags=False)
    wrong = values.changed(mutant)
    for w in ("W_h", "W_i", "b_ih"):
        forward, backward = wrong["rtrl", f"gradient.{w}"], wrong["adjoint", f"gradient.{w}"]
        assert apart(forward, backward) < 1e-12
        assert apart(backward, values.claims["adjoint", f"gradient.{w}"]) > 1e-3
    assert forward_mode.WATCH.start(mutant.right, instance)(mutant) is Outcome.CAUGHT


# --- what `verify` does about it


def defaults() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    verb.configure(parser)
    return parser.parse_args(["rnn"])


def test_the_default_instance_is_beside_every_blind_spot() -> None:
    own = defaults()
    assert own.steps >= 3 and own.hidden >= 2
    assert ENOUGH["steps"] >= 3 and ENOUGH["hidden"] >= 2 and ENOUGH["source_steps"] >= 2
    for cell in ("rnn", "gru", "lstm"):
        names = Names(cell)
        instance = random_problem(model(names), steps=own.steps, hidden=own.hidden, seed=own.seed)
        assert all(np.all(instance.given[place(state)] != 0) for state in instance.model.initial_states)
        gradients = Values(derived(names), instance.forward, lags=False).claims
        assert all(np.max(np.abs(array)) > 1e-6 for array in gradients.values())


@pytest.mark.parametrize("how", [{"steps": 1}, {"steps": 2, "hidden": 1}, {"steps": 50, "hidden": 30}])
def test_steps_are_judged_beside_every_blind_spot_whatever_is_asked_for(how: dict[str, int]) -> None:
    small = small_problem(model(RNN), problem(**how))
    assert small.steps >= 3 and small.sizes[N_STATE] >= 2 and small.sizes[T] <= 6
    assert np.all(small.given["h", "state", 0] != 0)


@pytest.mark.parametrize("seed", [2, 30, 55])
def test_a_saturated_bridge_refutes_no_right_step(seed: int) -> None:
    """The other side: where o ⊙ (ẋ − 1 oᵀẋ) cancels to a part in 10⁹, the tolerance knows it."""
    names = replace(SATURATED_BRIDGE, loss="squared_error")
    instance = random_problem(model(names), steps=4, hidden=2, inputs=2, outputs=3, seed=seed)
    environments = environments_of(instance.model, [instance])
    steps = [step for step in derived(names) if step.phase == "encoder"]
    assert not [s.key for s in steps if evaluated(s, environments[s.phase]).verdict is Verdict.REFUTED]


@pytest.mark.filterwarnings("ignore:invalid value")
def test_a_side_that_is_no_number_is_never_agreed() -> None:
    """The score found it: the largest of a number and NaN may be the number, and no error is above NaN."""
    names = Names("jordan", loss="softmax_cross_entropy")
    instance = random_problem(model(names), seed=0)
    right = derived(names)["model.ell"]
    score_for_output = {model(names).readout.output.target: model(names).readout.score.target}
    wrong = replace(right, rhs=substitute(right.rhs, score_for_output))
    finding = evaluated(wrong, environments_of(instance.model, [instance])[""])
    assert (finding.verdict, finding.reason) == (Verdict.NOT_RUN, "not finite")


def test_the_page_about_evidence_prints_every_blind_spot() -> None:
    page = (Path(__file__).parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")
    for spot in BLIND_SPOTS:
        assert f"| {spot.where} | {spot.mistake} | {spot.why} | {spot.instead} |" in page
