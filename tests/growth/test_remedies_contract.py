"""Every remedy on every kind of network: numbers, or the reason why there are none."""

from __future__ import annotations

import json
import math

import pytest

from derive.cell import Reference
from tests.derive.models import COMBINATIONS, Names
from tests.growth.networks import CELLS, case, derived, problem
from verify.growth.remedies.remedy import Remedy, Row
from verify.growth.remedies.study import names, remedies, remedy
from verify.problem import random_problem


def check(found: Remedy) -> None:
    """The contract."""
    assert found.title and isinstance(found.reference, Reference)
    assert found.applies == bool(found.rows) == bool(found.changed) == bool(found.window) != bool(found.reason)
    for row in found.rows:
        assert all(number is None or number == -math.inf or math.isfinite(number) for number in row.values)
    keys = [row.key for row in found.rows]
    assert len(set(keys)) == len(keys)
    if found.applies:
        assert found.columns[0] == "before" and {"rate", "loss", "gradient.all", "gradient.recurrent"} <= {*keys}
        assert all(found["loss"].values) and found.remarks
    assert json.loads(json.dumps(found.as_json(), allow_nan=False))["name"] == found.name


@pytest.mark.parametrize("network", CELLS, ids=str)
def test_numbers_or_a_reason(network: Names) -> None:
    found = remedies(problem(network), derived(network), (1, 3, 6))
    assert [each.name for each in found] == list(names())
    for each in found:
        check(each)
    before = [each.column("before")["chain.6"] for each in found if each.applies]
    assert len(set(before)) == 1, "the same network on the same input"


@pytest.mark.slow
@pytest.mark.parametrize("network", COMBINATIONS, ids=str)
def test_every_combination(network: Names) -> None:
    for each in remedies(problem(network), derived(network), (1, 6)):
        check(each)


def test_where_a_remedy_makes_no_sense() -> None:
    refused = {
        (network.cell, name): bool(remedy(name, case(network)).reason)
        for network in (Names("rnn"), Names("lstm"), Names("jordan"), Names("diagonal"))
        for name in ("orthogonal", "identity", "gating", "clipping")
    }
    assert {key for key, reason in refused.items() if reason} == {
        ("lstm", "identity"), ("jordan", "identity"), ("jordan", "orthogonal"),
    }  # fmt: skip


def test_a_batch() -> None:
    """The chain is the first sequence's; loss and gradient are means over all."""
    network = Names("gru")
    three = random_problem(derived(network).model, steps=6, hidden=4, batch=3)
    found, alone = (remedies(p, derived(network), (2, 6)) for p in (three, three.one_sequence()))
    for each in found:
        check(each)
    first, other = found[0].column("before"), alone[0].column("before")
    assert first["chain.6"] == other["chain.6"] and first["loss"] != other["loss"]


def test_a_seed() -> None:
    """The same seed draws the same gated network, another one another."""
    first, again, other = (
        next(r for r in remedies(problem(Names("rnn")), derived(Names("rnn")), seed=seed) if r.name == "gating")
        for seed in (3, 3, 4)
    )
    assert first.column("lstm") == again.column("lstm") != other.column("lstm")
    assert first.column("before") == other.column("before")


def test_rows_must_fit_and_be_numbers() -> None:
    good = remedy("orthogonal", case(Names("rnn")))
    for values in ((1.0,), (1.0, math.nan), (1.0, math.inf)):
        with pytest.raises(ValueError, match="orthogonal"):
            Remedy(good.name, good.title, good.changed, good.reference, good.columns, (Row("loss", "L", values),))
    with pytest.raises(ValueError, match="either"):
        Remedy(good.name, good.title, good.changed, good.reference)
