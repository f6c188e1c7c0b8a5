"""Evidence by rung: what is asked for is run, and nothing else; every kind of evidence stands on one."""

from __future__ import annotations

import pytest

from derive import registry
from tests.derive.models import Names, derived, model
from verify.judge import evidence
from verify.problem import random_problem
from verify.rungs import ORACLES, PROOF, THEOREM, VALUES, Rung, rung_of
from verify.verdicts import Verdict

RNN = Names(loss="softmax_cross_entropy")
SMALL = random_problem(model(RNN), steps=3, hidden=2)


def test_every_oracle_stands_on_a_rung() -> None:
    for name in (*registry.names(ORACLES), PROOF, VALUES, THEOREM):
        assert rung_of(name) in Rung


@pytest.mark.parametrize("rung", Rung)
def test_a_rung_alone(rung: Rung) -> None:
    found = evidence(derived(RNN), SMALL, rungs=[rung])
    assert found.findings and {rung_of(f.evidence) for f in found.findings} == {rung}
    assert found.exit_code == 0


def test_an_oracle_that_is_named_is_asked_whatever_its_rung() -> None:
    found = evidence(derived(RNN), SMALL, ["complex_step"], rungs=[Rung.PROVED])
    assert {f.evidence for f in found.findings} == {PROOF, "complex_step"}


def test_proofs_rest_on_values_that_nobody_asked_for() -> None:
    key = "recursion.short"
    wrong = derived(RNN).with_step(key, rhs=2 * derived(RNN)[key].rhs)
    found = evidence(wrong, SMALL, rungs=[Rung.PROVED])
    proofs = {f.claim: f for f in found.findings}
    assert proofs["expansion.start"].verdict is Verdict.NOT_RUN and "refuted" in proofs["expansion.start"].reason
