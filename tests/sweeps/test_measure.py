"""The numbers of a point: against a plain product, against what is known, and what they may depend on."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bptt.sweeps.grid import Point, grid
from bptt.sweeps.measure import measure
from bptt.sweeps.network import check, network
from bptt.sweeps.quantities import QUANTITIES
from bptt.sweeps.task import Task, attempt
from derive.errors import InputError
from derive.growth.recurrent import as_matrix, recurrent
from derive.unroll import place, unroll
from tests.growth.rescaled import log10_norms

EXAMPLES = Path(__file__).parents[2] / "examples" / "cells"


def point(*words: str) -> Point:
    (found,) = grid(words).points()
    return found


def task(cell: str, *words: str, **more: Any) -> Task:
    return Task({"cell": cell, **more}, point(*words))


def weights(found: Task) -> list[np.ndarray[Any, Any]]:
    problem = network(found)[1]
    return [as_matrix(problem.given[place(w)]) for w in recurrent(problem.model)]


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm", "leaky", "peephole"])
@pytest.mark.parametrize("radius", ["0.6", "1.3"])
def test_the_norm_is_that_of_the_plain_product(cell: str, radius: str) -> None:
    asked = task(cell, f"radius={radius}", "steps=60", "hidden=5")
    derivation, problem = network(asked)
    forward = unroll(problem.model, problem.given, problem.sizes)
    plain = log10_norms(derivation, forward)
    found = measure(asked)
    assert found["log10_norm"] == pytest.approx(plain[-1], rel=1e-8)
    assert found["log10_norm_last"] == pytest.approx(plain[0], rel=1e-8)
    assert found["log10_norm_per_step"] == pytest.approx(plain[-1] / 60, rel=1e-8)
    assert list(found) == list(QUANTITIES)


def test_a_linear_network_grows_by_its_radius() -> None:
    found = measure(task("rnn", "radius=0.9", "steps=4000", "hidden=6", activation="identity"))
    assert found["exponent"] == pytest.approx(math.log(0.9), abs=1e-3)
    assert found["log10_norm_per_step"] == pytest.approx(math.log10(0.9), abs=1e-3)
    assert found["log10_norm"] < -180 and found["saturation"] is None


def test_the_bound_holds_where_there_is_one() -> None:
    for seed in range(5):
        found = measure(task("rnn", "radius=1.2", f"seeds={seed}:{seed}:1", "drive=0.01", "steps=30"))
        assert found["log10_norm"] < found["log10_bound"] == pytest.approx(30 * math.log10(found["sigma_1"] or 0))
        assert 0 < (found["saturation"] or 0) <= 1
    assert measure(task("gru", "steps=5"))["log10_bound"] is None


@pytest.mark.parametrize("cell", ["rnn", "gru", "indrnn", "diagonal"])
def test_every_recurrent_matrix_is_scaled(cell: str) -> None:
    for w in weights(task(cell, "radius=0.7")):
        assert np.max(np.abs(np.linalg.eigvals(w))) == pytest.approx(0.7)
    for w, plain in zip(weights(task(cell, "gain=3")), weights(task(cell, "steps=100")), strict=True):
        np.testing.assert_allclose(w, 3 * plain)


def test_the_random_numbers_depend_on_the_seed_alone() -> None:
    base = network(task("rnn", "radius=0.7", "steps=5"))[1].given
    for words in (("radius=1.4", "steps=5"), ("gain=2", "steps=5"), ("radius=0.7", "steps=9"), ("drive=3", "steps=5")):
        other = network(task("rnn", *words))[1].given
        for where in base:
            if where[1] in ("parameter", "input"):
                ratio = np.asarray(other[where]) / np.asarray(base[where])
                np.testing.assert_allclose(ratio, ratio.flat[0], rtol=1e-12)
    again = network(task("rnn", "radius=0.7", "steps=5"))[1].given
    assert all(np.array_equal(again[where], base[where]) for where in base)
    seed = network(task("rnn", "radius=0.7", "steps=5", "seeds=1:1:1"))[1].given
    assert not any(np.array_equal(seed[where], base[where]) for where in base)


def test_a_state_that_overflows_is_a_reason() -> None:
    (outcome,) = attempt(measure, [task("rnn", "radius=3", "steps=2000", activation="relu")]).outcomes
    assert outcome.final and not outcome.values and "finite" in outcome.reason and "\n" not in outcome.reason


def test_a_chain_that_is_zero_has_the_logarithm_minus_infinity() -> None:
    found = measure(task("rnn", "radius=1", "steps=50", "hidden=1", activation="relu"))
    assert found["log10_norm"] == found["log10_norm_per_step"] == found["exponent"] == -math.inf


def test_a_cell_from_a_file_travels_as_text() -> None:
    text = (EXAMPLES / "mgu.toml").read_text(encoding="utf-8")
    found = measure(task("mgu.toml", "radius=0.9", "steps=20", equations=text))
    assert math.isfinite(found["log10_norm"] or math.nan) and found["sigma_1"]


def test_what_cannot_be_scaled_is_refused() -> None:
    for words in (["radius=1"], ["gain=1,2"]):
        with pytest.raises(InputError, match=r"jordan.*no square parameter matrix.*leave radius and gain out"):
            check({"cell": "jordan"}, grid(words))
    check({"cell": "jordan"}, grid(["steps=2"]))
    check({"cell": "rnn"}, grid(["radius=1"]))
    with pytest.raises(InputError, match="no cell"):
        check({"cell": "nothing"}, grid(["steps=2"]))
