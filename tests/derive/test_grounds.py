"""What a proof rests on stands in the derivation: take it away, and nothing is proved."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derive.assemble import derivation
from derive.derivation import Derivation
from derive.expr import ones
from derive.model import build
from derive.prover import Cancelling, RowOf
from derive.run import by_lag
from derive.theory import Theory
from verify.problem import random_problem


@pytest.fixture(scope="module")
def masked() -> Derivation:
    return derivation(build("rnn", normalisation="masked_softmax"))


def test_cancelling_in_a_vocabulary_rests_on_a_step(masked: Derivation) -> None:
    step = masked["seed.cancel"]
    assert isinstance(step.proof, Cancelling) and "seed.vocabulary" in step.proof.premises
    assert step.proof.holds(step, masked)
    assert not replace(step.proof, facts=()).holds(step, masked)
    claim = masked["seed.vocabulary"]
    assert not step.proof.holds(step, masked.with_step(claim.key, rhs=ones(*claim.rhs.shape)))


def test_a_row_rests_on_the_step_that_stacks_it() -> None:
    found = derivation(build("lstm"))
    for key in ("gradient.last-h", "gradient.delta-c"):
        step = found[key]
        assert isinstance(step.proof, RowOf) and step.proof.holds(step, found)
        without = tuple(key for key in step.proof.using if key != "gradient.split")
        assert not replace(step.proof, using=without).holds(step, found)


def test_the_lags_carry_the_factor_that_is_printed() -> None:
    right = derivation(build("rnn"))
    problem, w = random_problem(right.model), right.model.recurrent_parameters[0]
    step = right[f"form.expanded_{w.name}"]
    double = right.with_step(step.key, rhs=2 * step.rhs)
    ours, twice = (by_lag(d, problem.forward, Theory(right.model), w) for d in (right, double))
    assert all(np.array_equal(2 * ours[lag], twice[lag]) for lag in ours)
