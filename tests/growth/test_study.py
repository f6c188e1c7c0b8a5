"""The whole study of every network: consistent in itself, and plain data that JSON can hold."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from derive.errors import InputError
from derive.growth.chain import chain_of
from derive.growth.spectrum import spectrum
from derive.growth.study import Study, _picked, spread_lags, study
from reports.growth_json import as_data
from tests.derive.models import Names, derived
from tests.growth.chains import NETWORKS, drawn, error
from verify.problem import Problem


def of(names: Names, problem: Problem, **how: Any) -> Study:
    return study(derived(names), problem.given, problem.sizes, **how)


def round_trip(found: Study) -> dict[str, Any]:
    data = as_data(found)
    text = json.dumps(data, allow_nan=False)
    again: dict[str, Any] = json.loads(text)
    assert json.dumps(again, allow_nan=False) == text
    return again


@pytest.mark.parametrize("names", NETWORKS, ids=str)
def test_every_network(names: Names) -> None:
    problem = drawn(names, batch=2, steps=7)
    found = of(names, problem)
    assert (found.steps, found.batch, found.sequences, found.lags) == (7, 2, (0, 1), (1, 2, 3, 4, 5, 6, 7))
    assert found.log_norms.shape == found.log_products.shape == (2, 7)
    more = 1e-9 * np.maximum(1, np.abs(np.where(np.isfinite(found.log_norms), found.log_norms, 0)))
    assert np.all(found.log_norms <= found.log_products + more)
    if found.log_weights is not None:
        assert np.all(found.log_products <= found.log_weights + more)
    assert len(found.anatomies) == len(found.memories) == len(found.saturations) == 2
    if not np.isnan(found.determinant_error) and not names.feedback and names.cell != "jordan":
        assert found.determinant_error < 1e-8
    data = round_trip(found)
    assert data["steps"] == 7 and data["state_size"] == found.chain.size and len(data["rank"]) == 2
    assert found.settled and max(data["agreement"]) < 1e-6


def test_nothing_is_followed_back_without_losses() -> None:
    found = of(Names("gru"), drawn(Names("gru")), losses=False)
    assert found.memories == () and round_trip(found)["memory"] is None
    assert len(found.reach(1e-2)) == 0


def test_sequences_are_chosen_from_a_large_batch() -> None:
    names = Names("rnn", "tanh")
    problem = drawn(names, batch=20, steps=6)
    found = of(names, problem, most=3)
    assert found.sequences == (0, 9, 19) and found.batch == 20 and found.chain.batch == 3
    for row, sequence in enumerate(found.sequences):
        one = {
            w: a[sequence : sequence + 1] if w[2] is not None and np.ndim(a) > 2 else a
            for w, a in problem.given.items()
        }
        alone = spectrum(chain_of(derived(names), one, problem.sizes), found.lags)
        assert error(found.spectra[row].log_singular_values, alone.log_singular_values) < 1e-10
        assert found.log_norms[row] == pytest.approx(alone.by_lag[:, 0], rel=1e-10)
        assert found.log_step_norms[row, -1] == pytest.approx(alone.by_lag[0, 0], rel=1e-10)
        mine, other = found.memories[row], study(derived(names), one, problem.sizes).memories[0]
        assert np.allclose(mine.log_whole, other.log_whole, rtol=1e-9, equal_nan=True)
    assert of(names, problem, most=1).sequences == (0,)
    assert len(of(names, problem).sequences) == 16


def test_what_has_no_batch_axis_is_not_picked_from() -> None:
    one, many, matrix = np.zeros((1, 2, 1)), np.arange(10.0).reshape(5, 2, 1), np.zeros((5, 5))
    given = {("x", "input", 1): many, ("x", "input", 2): one}
    given |= {("h", "state", 0): matrix[:, :1], ("W", "parameter", None): matrix}
    found = _picked(given, (1, 4), 5)
    assert np.array_equal(found["x", "input", 1], many[[1, 4]]) and found["x", "input", 2] is one
    assert found["h", "state", 0].shape == (5, 1) and found["W", "parameter", None] is matrix


def test_inputs_and_states_with_and_without_a_batch_axis() -> None:
    """A start of its own for every sequence; a target that all sequences share."""
    names = Names("rnn", "tanh")
    problem = drawn(names, batch=4, steps=5)
    starts = np.random.default_rng(0).normal(size=(4, 4, 1))
    shared = {w: a[:1] if w[1] == "target" else a for w, a in problem.given.items()} | {("h", "state", 0): starts}
    found = of(names, replace(problem, given=shared), most=2)
    assert found.sequences == (0, 3) and len({own.log_singular_values[0] for own in found.spectra}) == 2
    alone = {w: a[3:] if w[1] == "input" else a for w, a in shared.items()} | {("h", "state", 0): starts[3]}
    again = of(names, replace(problem, given=alone))
    assert error(found.spectra[1].log_singular_values, again.spectra[0].log_singular_values) < 1e-11
    assert np.allclose(found.memories[1].log_whole, again.memories[0].log_whole, rtol=1e-9, equal_nan=True)


def test_the_determinant_tells_a_wrong_spectrum() -> None:
    names = Names("gru")
    found = of(names, drawn(names, batch=2))
    assert found.determinant_error < 1e-11
    own = found.spectra[1]
    for k in range(4):
        wrong = own.log_singular_values.copy()
        wrong[k] += 1e-3
        bad = replace(found, spectra=(found.spectra[0], replace(own, log_singular_values=wrong)))
        assert bad.determinant_error > 1e-6
    dead = replace(own, log_singular_values=np.array([0.0, -np.inf, -np.inf, -np.inf]))
    assert np.isnan(replace(found, spectra=(dead, dead)).determinant_error)


def test_a_spectrum_that_has_not_settled_says_so() -> None:
    names = Names("gru")
    found = of(names, drawn(names))
    assert found.settled
    assert not replace(found, spectra=(replace(found.spectra[0], agreement=1e-5),)).settled
    lost = replace(found, spectra=(replace(found.spectra[0], agreement=np.inf),))
    assert not lost.settled and round_trip(lost)["agreement"] == ["inf"]


def test_a_dead_chain_is_data_too() -> None:
    names = Names("rnn", "relu")
    problem = drawn(names, steps=6)
    dead = {**problem.given, ("b_ih", "parameter", None): np.full((4, 1), -100.0)}
    found = of(names, replace(problem, given=dead))
    data = round_trip(found)
    assert data["rank"] == [0] and data["log_singular_values"]["sequences"] == [["-inf"] * 4]
    assert data["determinant_error"] is None and found.settled


def test_one_step_and_one_unit() -> None:
    for names in (Names("rnn", "tanh"), Names("lstm"), Names("rnn", wiring="seq2seq"), Names("gru", wiring="last")):
        for how in ({"steps": 1}, {"hidden": 1, "steps": 4}, {"steps": 1, "hidden": 1}):
            data = round_trip(of(names, drawn(names, **how)))
            assert data["by_lag"]["lags"][0] == 1


def test_an_exploding_network_is_refused() -> None:
    with pytest.raises(InputError, match="not finite at step"):
        of(Names("rnn", "identity"), drawn(Names("rnn", "identity"), steps=20, gain=1e100))


def test_lags() -> None:
    assert spread_lags(1, 48) == (1,) and spread_lags(48, 48) == tuple(range(1, 49))
    for steps, count in ((49, 48), (1000, 48), (100_000, 48), (7, 3)):
        lags = spread_lags(steps, count)
        assert lags[0] == 1 and lags[-1] == steps and len(lags) <= count and list(lags) == sorted(set(lags))


def test_recurrent_parameters_have_a_transient() -> None:
    found = of(Names("lstm"), drawn(Names("lstm")))
    assert {w.name for w in found.transients} == {"W_hi", "W_hf", "W_hg", "W_ho"}
    diagonal = of(Names("indrnn", "tanh"), drawn(Names("indrnn", "tanh")))
    assert [own.hump for own in diagonal.transients.values()] == [1.0] and diagonal.spectra[0].sweeps == 1
