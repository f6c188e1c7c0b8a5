"""Theorems: a step is covered when it says what the theorem says, and not when it says anything else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from derive.derivation import Derivation
from derive.expr import Scale
from derive.theory import theories
from tests.derive.models import COMBINATIONS, EVERY, Names, derived
from tests.wrong.planted import PLANTED, Planted
from tests.wrong.planted_networks import NETWORKS
from verify.rungs import THEOREM
from verify.theorem import Statement, check_theorems, cited, coverings, record
from verify.verdicts import Finding, Verdict

RNN = Names(loss="softmax_cross_entropy")
AXIOMS = {
    "ClassicalDedekindReals.sig_forall_dec",
    "ClassicalDedekindReals.sig_not_dec",
    "FunctionalExtensionality.functional_extensionality_dep",
    "Classical_Prop.classic",
}
"""By which Coq's library defines the real numbers."""


def statements(derivation: Derivation) -> Iterator[tuple[str, str, Statement]]:
    """Theorem, key of the step, and what it should say."""
    keys = {step.key for step in derivation}
    for theory in theories(derivation.model):
        for covering in coverings():
            for statement in covering.statements(theory):
                if theory.key(statement.step) in keys:
                    yield covering.theorem, theory.key(statement.step), statement


def test_every_theorem_that_is_cited_is_in_the_record() -> None:
    assert {covering.theorem for covering in coverings()} <= set(record())


def test_every_theorem_says_what_it_is_about_and_rests_on_nothing_but_the_real_numbers() -> None:
    assert len(record()) >= 60
    for name, theorem in record().items():
        assert name.startswith(theorem.file.removesuffix(".v") + ".") and theorem.statement
        assert theorem.about.endswith("."), name
        assert set(theorem.assumptions) <= AXIOMS, name


@EVERY
def test_every_step_that_a_theorem_is_about_is_an_instance_of_it(names: Names) -> None:
    found = list(check_theorems(derived(names), ()))
    assert found and {finding.verdict for finding in found} == {Verdict.PROVED}
    assert {(f.theorem, f.claim) for f in found} == {(name, key) for name, key, _ in statements(derived(names))}


def test_every_theorem_covers_a_step_of_some_model() -> None:
    used = {name for names in (RNN, *COMBINATIONS) for name, _, _ in statements(derived(names))}
    assert used == {covering.theorem for covering in coverings()}


def test_the_gradients_of_the_tanh_network_are_theorems() -> None:
    found = cited(check_theorems(derived(RNN), ()))
    for name in ("W_h", "W_i", "b_ih", "b_hh", "W_o", "b_o", "h_0"):
        assert f"Gradients.gradient_of_{name}" in found[f"gradient.{name}"]
    other = derived(Names(loss="softmax_cross_entropy", variant="sigmoid"))
    assert not any("Gradients" in theorem for names in cited(check_theorems(other, ())).values() for theorem in names)


@pytest.mark.parametrize("key", sorted({key for _, key, _ in statements(derived(RNN))}))
def test_twice_a_covered_step_is_no_instance(key: str) -> None:
    right = derived(RNN)
    wrong = right.with_step(key, rhs=Scale(2, right[key].rhs))
    found = [finding for finding in check_theorems(wrong, ()) if finding.claim == key]
    assert found and {finding.verdict for finding in found} == {Verdict.NOT_RUN}
    assert all("no instance" in finding.reason for finding in found)


@pytest.mark.parametrize("planted", (*PLANTED, *NETWORKS), ids=lambda planted: planted.name)
def test_no_theorem_covers_a_planted_error(planted: Planted) -> None:
    wrong = planted.plant(derived(planted.names))
    assert planted.step not in cited(check_theorems(wrong, ()))


def test_a_theorem_does_not_stand_on_a_refuted_step() -> None:
    doubt = Finding("recursion.short", "both sides evaluated", Verdict.REFUTED)
    found = {(f.theorem, f.claim): f for f in check_theorems(derived(RNN), [doubt])}
    resting = found["Expansion.expansion", "expansion.collect"]
    assert resting.verdict is Verdict.NOT_RUN and "recursion.short" in resting.reason
    assert found["Softmax.cross_entropy_gradient", "seed.shortcut"].verdict is Verdict.PROVED


def test_a_theorem_that_is_not_in_the_record_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify.theorem.record", dict)
    assert {f.verdict for f in check_theorems(derived(RNN), ())} == {Verdict.NOT_RUN}
    assert {f.evidence for f in check_theorems(derived(RNN), ())} == {THEOREM}
