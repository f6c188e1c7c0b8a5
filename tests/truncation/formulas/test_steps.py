"""The steps about truncation have evidence; a planted mistake is refuted with a witness, and proves nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sympy as sp

from derive import registry
from derive.assemble import derivation
from derive.expr import Fill
from derive.growth.formulas.step import Relation, named
from derive.indices import T, i, s, t
from derive.model import build
from derive.prover import Given, over, prove
from derive.prover.claim import Claim
from derive.theory import Theory
from derive.truncation.formulas import unbiased
from derive.truncation.formulas.assembled import known, proved, steps
from derive.truncation.formulas.averaging import Averaging
from derive.truncation.formulas.inequalities import follows, inequalities
from derive.truncation.formulas.law import FACTOR, Law, TwoOutcomes
from derive.truncation.formulas.letters import Letters, kappa, tau, xi
from derive.truncation.formulas.mean import Mean
from derive.truncation.formulas.specialised import Specialised
from tests.truncation.formulas.planted import PLANTED, Planted, derived, told
from verify.truncation.formulas import exact, theorems
from verify.truncation.formulas.judge import evidence, of_steps
from verify.verdicts import Verdict

SOUND = {Verdict.PROVED, Verdict.EXACT, Verdict.ENCLOSED}
FEW = (("rnn", "every"), ("rnn", "last"), ("rnn", "seq2seq"), ("lstm", "every"), ("gru", "last"))
REST = [(cell, wiring) for cell in registry.names("derive.cells") for wiring in ("every", "last", "seq2seq")]
CELLS = (*FEW, *(pytest.param(*one, marks=pytest.mark.slow) for one in REST if one not in FEW))


@pytest.mark.parametrize(("cell", "wiring"), CELLS)
def test_every_step_is_exact_and_every_proof_goes_through(cell: str, wiring: str) -> None:
    found = derived(cell, wiring)
    chosen, findings = told(cell, wiring), evidence(found)
    assert {finding.verdict for finding in findings} == SOUND, [f for f in findings if f.verdict not in SOUND]
    by_instances = {f.claim: f.verdict for f in findings if f.evidence == exact.EVIDENCE}
    assert set(by_instances) == {step.key for step in chosen}
    by_proof = {f.claim for f in findings if f.evidence == "proof" and f.verdict is Verdict.PROVED}
    assert by_proof == {step.key for step in chosen if step.proof is not None}
    by_theorem = {f.theorem for f in findings if f.theorem}
    assert by_theorem >= {"Links.estimate_error", "Links.window_bias", "Variance.truncation_variance",
                          "Truncation.unbiased_given_the_past", "Artbp.artbp_is_randomised_recursion"}  # fmt: skip


def test_what_has_no_proof_is_a_definition_an_assumption_or_a_theorem() -> None:
    findings = evidence(derived())
    covered = {f.claim for f in findings if f.theorem and f.verdict is Verdict.PROVED}
    bare = {step.key for step in told() if step.proof is None and step.rule not in ("definition", "assumption")}
    assert bare - covered == {"mean.outcomes"}


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_mistake_is_refuted_with_a_witness_and_is_not_proved(planted: Planted) -> None:
    found, (every, wrong) = derived(wiring=planted.wiring), planted.plant()
    finding = exact.judged(wrong, found)
    assert finding.verdict is Verdict.REFUTED and finding.witness is not None, finding
    assert finding.witness.claimed != finding.witness.found
    if wrong.proof is not None:
        assert not proved(found, every, wrong).proved
    covered = [f for f in theorems.covered(Theory(found.model), every) if f.claim == wrong.key]
    assert all(f.verdict is Verdict.NOT_RUN for f in covered)


def test_nothing_is_proved_from_a_step_that_is_refuted() -> None:
    planted = next(one for one in PLANTED if one.key == "links.run")
    findings = list(of_steps(derived(), planted.plant()[0]))
    resting = {f.claim for f in findings if f.verdict is Verdict.NOT_RUN and "does not stand" in f.reason}
    assert resting >= {"links.short", "links.expanded", "error.identity", "chunks.bias", "mean.equal",
                       "variance.recursion", "variance.sum"}  # fmt: skip
    assert not any(f.claim == "error.identity" and f.verdict is Verdict.PROVED for f in findings)


WRONG_LAWS = {
    "not divided": Law(kappa(t - 1), sp.Integer(0), sp.Integer(1)),
    "divided twice": Law(kappa(t - 1), sp.Integer(0), 1 / (1 - kappa(t - 1)) ** 2),
    "a cut that keeps": Law(kappa(t - 1), 1 / (1 - kappa(t - 1)), sp.Integer(0)),
    "times the chance to keep": Law(kappa(t - 1), sp.Integer(0), 1 - kappa(t - 1)),
}


@pytest.mark.parametrize("name", WRONG_LAWS)
def test_a_wrong_law_is_refuted_and_what_rests_on_it_is_not_proved(name: str) -> None:
    law = WRONG_LAWS[name]
    wrong = {step.key: step for step in unbiased.steps(Theory(derived().model), law)}
    every = tuple(wrong.get(step.key, step) for step in told())
    findings = list(of_steps(derived(), every, law))
    verdicts = {f.claim: f for f in findings if f.evidence == exact.EVIDENCE}
    for key in ("mean.law", "mean.recurrence", "mean.equal", "onestep.mean"):
        assert verdicts[key].verdict is Verdict.REFUTED and verdicts[key].witness is not None, key
    assert verdicts["error.identity"].verdict is Verdict.EXACT  # it holds for any numbers
    said = {(f.claim, f.verdict) for f in findings if f.evidence == "proof"}
    for key in ("mean.law", "mean.recurrence", "mean.equal", "onestep.mean", "variance.martingale"):
        assert (key, Verdict.NOT_RUN) in said and (key, Verdict.PROVED) not in said


def test_the_mean_is_refused_where_a_law_says_another_number() -> None:
    half = Given(Mean(Fill(FACTOR, 1, 1)), Fill(sp.Rational(1, 2), 1, 1), (over(t, 1, T),))
    step = named(told(), "mean.recurrence")
    facts = known(derived(), told(), step) | {"mean.law": half}
    answer = prove(Claim(step.lhs, step.rhs, step.proof, step.where, facts, step.key))  # type: ignore[arg-type]
    assert not answer.proved and "1/2" in answer.reason  # type: ignore[union-attr]


def test_two_outcomes_cancel_for_every_chance_or_say_what_the_mean_is() -> None:
    claim = Given(Mean(Fill(FACTOR, 1, 1)), Fill(1, 1, 1))
    answer = prove(Claim(claim.lhs, claim.rhs, TwoOutcomes(WRONG_LAWS["not divided"])))
    assert not answer.proved and "1 - kappa(t - 1)" in answer.reason  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "rule",
    ["future", "square", "same", "other", "range"],
)
def test_averaging_refuses_what_does_not_depend_on_the_past_alone(rule: str) -> None:
    theory = Theory(derived().model)
    own, b, c = Letters(theory), theory.b(), theory.c()
    rules = {
        "future": b + xi(t) * (c @ own.z(t + 1)),
        "square": b + xi(t) ** 2 * (c @ own.z(t - 1)),
        "same": b + xi(t - 1) * (c @ own.z(t - 1)),
        "other": b + xi(t) * (c @ own.error(t)),
        "range": b + xi(t) * (c @ own.z(t - 1)),
    }
    first = 2 if rule == "range" else 1
    facts = {
        "run": Given(own.z(), rules[rule], (over(t, 1, T),)),
        "law": Given(Mean(Fill(FACTOR, 1, 1)), Fill(1, 1, 1), (over(t, first, T),)),
    }
    right = b + c @ Mean(own.z(t - 1))
    answer = prove(Claim(Mean(own.z()), right, Averaging("run", "law", (b, c)), (over(t, 1, T),), facts))
    assert not answer.proved
    fine = facts | {"run": Given(own.z(), rules["range"], (over(t, 1, T),)),
                    "law": Given(Mean(Fill(FACTOR, 1, 1)), Fill(1, 1, 1), (over(t, 1, T),))}  # fmt: skip
    assert prove(Claim(Mean(own.z()), right, Averaging("run", "law", (b, c)), (over(t, 1, T),), fine)).proved


def test_a_letter_is_specialised_within_its_range_only() -> None:
    step = named(told(), "window.tail")
    outside = replace(step, where=(over(tau, 1, T), over(t, tau - 1, T)))
    answer = proved(derived(), told(), outside)
    assert not answer.proved and "does not follow" in answer.reason  # type: ignore[union-attr]
    assert isinstance(step.proof, Specialised)


def test_inequalities_follow_by_addition_and_no_other_way() -> None:
    given = inequalities((over(tau, 1, T - 1), over(i, 1, T - tau)))
    assert follows(T - i - tau, given) and follows(T - i - 1, given) and follows(i + tau - 2, given)
    assert not follows(T - i - tau - 1, given) and not follows(i - tau, given) and not follows(s - 1, given)


def test_an_inequality_is_no_equation_for_a_proof() -> None:
    step = named(told(), "variance.recursion")
    assert not any(getattr(fact, "relation", Relation.EQUAL) is Relation.AT_MOST
                   for fact in known(derived(), told(), step).values())  # fmt: skip


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm", "diagonal"])
def test_no_letter_of_truncation_is_one_of_the_model(cell: str) -> None:
    model = build(cell)
    own = Letters(Theory(model))
    used = {e.target.name for e in model.equations}
    letters = {own.z().name, own.rest().name, own.error().name, own.gap().name}
    assert not letters & used and len(letters) == 4
    assert len(steps(derivation(model))) == len(told())
