"""The steps about growth: every one has evidence, every planted mistake is refuted with a witness."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.errors import ShapeError
from derive.expr import Fill, Var
from derive.growth.formulas.assembled import proved, steps
from derive.growth.formulas.bounds import refused
from derive.growth.formulas.estimate import UnboundedError, norm_bound
from derive.growth.formulas.induction import Submultiplicative
from derive.growth.formulas.nodes import Least, Size
from derive.growth.formulas.quantities import Known
from derive.growth.formulas.step import GrowthStep, Relation, named
from derive.indices import t
from derive.model import build
from derive.theory import Theory
from tests.growth.formulas.planted import PLANTED, STEEP, Planted, derived, told
from verify.growth.formulas import exact, floating, steepness, theorems
from verify.growth.formulas.judge import of_steps
from verify.problem import random_problem
from verify.verdicts import Verdict

FEW = (("rnn", "tanh"), ("rnn", "identity"), ("diagonal", ""), ("linear", ""))
REST = (("rnn", "sigmoid"), ("rnn", "relu"), ("leaky", ""), ("gru", ""), ("lstm", ""), ("peephole", ""), ("indrnn", ""),
        ("jordan", ""), ("steep", ""))  # fmt: skip
CELLS = (*FEW, *(pytest.param(*cell, marks=pytest.mark.slow) for cell in REST))
BOUNDS = {
    ("rnn", "tanh"): "gamma @ norm(W_h)", ("rnn", "identity"): "norm(W_h)", ("indrnn", ""): "gamma @ max(u)",
    ("leaky", ""): "7/10 + 3/10*gamma @ norm(W_h)", ("diagonal", ""): "max(lambda)",
}  # fmt: skip
SOUND = {Verdict.PROVED, Verdict.EXACT, Verdict.ENCLOSED, Verdict.AGREED}


@pytest.mark.parametrize(("cell", "variant"), CELLS)
def test_every_step_has_sound_evidence_and_every_proof_goes_through(cell: str, variant: str) -> None:
    found, own = told(cell, variant)
    problem = random_problem(found.model, steps=5, hidden=3)
    findings = list(of_steps(found, own, problem))
    assert {finding.verdict for finding in findings} <= SOUND, [f for f in findings if f.verdict not in SOUND]
    assert {finding.claim for finding in findings} == {step.key for step in own}
    assert sum(f.verdict is Verdict.PROVED for f in findings) >= sum(step.proof is not None for step in own)


@pytest.mark.parametrize(("cell", "variant"), BOUNDS)
def test_the_bound_of_a_factor_is_what_the_cell_supports(cell: str, variant: str) -> None:
    assert str(named(told(cell, variant)[1], "growth.factor").rhs) == BOUNDS[cell, variant]


def test_the_slope_is_that_of_the_cell() -> None:
    for variant, gamma in (("tanh", 1), ("sigmoid", sp.Rational(1, 4)), ("relu", 1)):
        assert named(told("rnn", variant)[1], "growth.gamma").rhs == Fill(gamma, 1, 1)
    assert named(told("steep")[1], "growth.gamma").rhs == Fill(2, 1, 1)


@pytest.mark.parametrize(("cell", "names"), [("gru", {"h", "v"}), ("lstm", {"c"})])
def test_a_gated_cell_has_no_bound_and_says_why(cell: str, names: set[str]) -> None:
    found = derived(cell)
    theory = Theory(found.model)
    missing = refused(theory, found)
    assert {own.name for part in missing for own in part.because if isinstance(own, Var)} == names
    with pytest.raises(UnboundedError, match=r"not bounded by the weights alone"):
        norm_bound(found["local.c"].rhs, Known(theory))
    gate = "z" if cell == "gru" else "f"
    gates = [step for step in steps(found) if str(step.lhs) == f"norm(diag({gate}[t]))"]
    assert gates and gates[0].rhs == Fill(1, 1, 1)


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_mistake_is_refuted_exactly_with_a_witness(planted: Planted) -> None:
    found, _, wrong = planted.plant()
    finding = exact.judged(wrong, found)
    assert finding.verdict is Verdict.REFUTED and finding.witness is not None, finding


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_no_proof_and_no_theorem_accepts_a_planted_mistake(planted: Planted) -> None:
    found, every, wrong = planted.plant()
    if wrong.proof is not None:
        assert not proved(found, every, wrong).proved
    if wrong.needs == named(told(planted.cell, planted.variant)[1], planted.key).needs:
        covered = theorems.covered(Theory(found.model), every)
        assert all(f.verdict is Verdict.NOT_RUN for f in covered if f.claim == planted.key)


def test_nothing_is_proved_from_a_refuted_step() -> None:
    planted = next(p for p in PLANTED if p.name == "without gamma")
    found, every, _ = planted.plant()
    proofs = {f.claim: f for f in of_steps(found, every) if f.evidence == "proof"}
    assert proofs["growth.product"].verdict is Verdict.NOT_RUN and "refuted" in proofs["growth.product"].reason


@pytest.mark.parametrize("wrong", [sp.Rational(1, 2), sp.Integer(1), sp.Integer(4)])
def test_a_wrong_supremum_is_refuted(wrong: sp.Expr) -> None:
    step = named(told("steep")[1], "growth.gamma")
    assert steepness.judged(step, STEEP, sp.Integer(2)).verdict is Verdict.ENCLOSED
    finding = steepness.judged(step, STEEP, wrong)
    assert finding.verdict is Verdict.REFUTED and finding.witness is not None


def test_a_bound_below_the_truth_is_refuted_on_a_forward_pass() -> None:
    found, right = told("rnn", "tanh")
    bound = named(right, "growth.bound")
    problem = random_problem(found.model, steps=6, hidden=4, drive=0.1)
    (agreed,) = floating.judged([bound], found, problem)
    assert agreed.verdict is Verdict.AGREED
    small = replace(bound, rhs=bound.lhs @ Fill(sp.Rational(999, 1000), 1, 1))
    (finding,) = floating.judged([small], found, problem)
    assert finding.verdict is Verdict.REFUTED and finding.witness is not None


def test_an_equation_is_not_proved_by_an_ordering_and_sides_must_compare() -> None:
    step = named(told("rnn", "tanh")[1], "growth.submultiplicative")
    with pytest.raises(ValueError, match="proves no equation"):
        replace(step, relation=Relation.EQUAL)
    W = next(w for w in derived("rnn", "tanh").model.parameters if w.name == "W_h")
    with pytest.raises(ShapeError, match="only numbers"):
        GrowthStep("x", W, Relation.AT_MOST, W, "", ())
    assert not proved(derived("rnn", "tanh"), (), replace(step, proof=Submultiplicative(t, Least))).proved


def test_the_transcribed_theorems_are_in_the_record() -> None:
    for cell in ("rnn", "linear"):
        found, own = told(cell)
        covered = list(theorems.covered(Theory(found.model), own))
        assert len(covered) >= 4 and all(finding.verdict is Verdict.PROVED for finding in covered)


@settings(max_examples=25, deadline=None)
@given(
    cell=st.sampled_from(["rnn", "leaky", "indrnn", "jordan", "steep"]),
    seed=st.integers(0, 10**6), hidden=st.integers(1, 5), drive=st.floats(0.01, 3.0),
)  # fmt: skip
def test_the_bound_is_never_below_the_truth(cell: str, seed: int, hidden: int, drive: float) -> None:
    found, own = told(cell)
    problem = random_problem(found.model, steps=6, hidden=hidden, seed=seed, drive=drive)
    with np.errstate(all="ignore"):
        findings = floating.judged(own, found, problem)
    assert findings and all(finding.verdict in (Verdict.AGREED, Verdict.NOT_RUN) for finding in findings), findings
    assert any(finding.verdict is Verdict.AGREED for finding in findings)


def test_two_layers_are_bounded_by_the_norm_of_the_matrix_of_norms() -> None:
    from derive.assemble import derivation

    found = derivation(build("rnn", layers=2, loss="squared_error"))
    own = steps(found)
    assert isinstance(named(own, "growth.factor").rhs, Size)
    assert exact.judged(named(own, "growth.bound"), found, range(2)).verdict is Verdict.EXACT
