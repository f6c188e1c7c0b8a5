"""Orthogonal matrices and the identity; the chain's norms beside the whole spectrum; the window of a long sequence."""

from __future__ import annotations

from functools import reduce

import numpy as np
import pytest

from derive.growth.chain import chain_of
from derive.growth.factors import product
from derive.growth.recurrent import multiplying, recurrent
from derive.growth.spectrum import spectra
from derive.indices import N_STATE, S
from derive.unroll import place
from tests.derive.models import Names
from tests.growth.networks import CELLS, case, derived, problem
from verify.growth.remedies.case import case_of
from verify.growth.remedies.kinds import identity, orthogonal
from verify.growth.remedies.norms import log10_norms, rate, size
from verify.growth.remedies.replaced import with_weights
from verify.growth.remedies.window import window_of

EPS = float(np.finfo(np.float64).eps)
RNN, LINEAR = Names("rnn"), Names("rnn", "identity")
LAGS = (1, 5, 20, 60)


def test_the_polar_factor_is_the_nearest_orthogonal_matrix() -> None:
    given = problem(RNN, hidden=8).given
    (w,) = recurrent(derived(RNN).model)
    matrix = given[place(w)]
    near = orthogonal.nearest_orthogonal(w, matrix)
    assert np.linalg.norm(near.T @ near - np.eye(8)) < 64 * EPS * 8
    assert np.linalg.norm(matrix.T @ matrix - np.eye(8)) > 0.1, "what is compared was not orthogonal before"
    rng, distance = np.random.default_rng(0), np.linalg.norm(matrix - near)
    for _ in range(50):
        turned = near @ np.linalg.qr(np.eye(8) + 0.1 * rng.normal(size=(8, 8)))[0]
        assert np.linalg.norm(matrix - turned) > distance


@pytest.mark.parametrize("remedy", [orthogonal, identity], ids=lambda module: module.NAME)
def test_a_linear_network_keeps_every_length(remedy: object) -> None:
    """c_t is the matrix itself, so that every product is orthogonal; with radius 1.2 it explodes, with 0.8 it dies."""
    for radius, sign in ((0.8, -1), (1.2, 1)):
        found = remedy.measure(case_of(problem(LINEAR, radius=radius, hidden=8, steps=60), derived(LINEAR), LAGS))  # type: ignore[attr-defined]
        for lag in LAGS:
            assert abs(found[f"chain.{lag}"].after) < 64 * EPS * 8 * lag
        assert sign * found["chain.60"].before > 3 and sign * found["rate"].before > 0.05
        assert abs(found["rate"].after) < 64 * EPS * 8


def test_the_identity_does_not_keep_a_saturated_network_alive() -> None:
    """A remedy that does not help says so in numbers."""
    found = identity.measure(case(RNN, radius=1.0, hidden=8, steps=60))
    assert found["chain.50"].after < -3
    assert "further from a norm of one" in found.remarks[0]


def test_a_diagonal_recurrence_gets_signs_and_ones() -> None:
    network = Names("diagonal")
    (w,) = recurrent(derived(network).model)
    assert orthogonal.nearest_orthogonal(w, np.array([[-0.3], [0.0], [2.0]])).ravel().tolist() == [-1, 1, 1]
    for module in (orthogonal, identity):
        assert module.measure(case(network))["chain.5"].after == 0.0


def test_which_weights_are_recurrent() -> None:
    expected = {
        "rnn-tanh": "W_h", "gru": "W_hr W_hz W_hn", "lstm": "W_hi W_hf W_hg W_ho", "leaky": "W_h",
        "diagonal": "lambda", "indrnn": "u", "jordan": "W_h", "peephole": "W_hi p_i W_hf p_f W_hg W_ho",
    }  # fmt: skip
    for network in CELLS:
        key = network.cell if network.variant in ("", "relu") and network.cell != "rnn" else "rnn-tanh"
        found = " ".join(w.name for w in multiplying(derived(network).model.main))
        if network.layers == 1 and not network.feedback:
            assert found == expected[key]
    assert [w.name for w in multiplying(derived(Names("rnn", layers=2)).model.main)] == ["W_h^1", "W_h^2"]
    assert [w.name for w in recurrent(derived(Names("peephole")).model)] == ["W_hi", "W_hf", "W_hg", "W_ho"]
    assert recurrent(derived(Names("jordan")).model) == ()


@pytest.mark.parametrize("network", CELLS, ids=str)
def test_norms_are_those_of_the_product(network: Names) -> None:
    """Beside the factors as matrices, multiplied from the other end, without rescaling."""
    given = problem(network, hidden=5, steps=30)
    chain = chain_of(derived(network), given.given, given.sizes)
    lags = (1, 7, 30)
    dense = [product(links) for _, links in chain.links()]
    with np.errstate(divide="ignore"):
        theirs = [np.log10(np.linalg.norm(reduce(lambda p, c: c @ p, dense[-lag:]), 2)) for lag in lags]
        planted = np.log10(np.linalg.norm(reduce(lambda p, c: p @ c, dense[-7:]), 2))
    assert log10_norms(chain, lags) == pytest.approx(theirs, rel=1e-9)
    if network.cell not in ("diagonal", "indrnn") and network.variant not in ("relu", "identity"):  # which may commute
        assert planted != pytest.approx(theirs[1], rel=1e-6), "the other order is another number"


@pytest.mark.parametrize("network", [RNN, Names("gru"), Names("lstm"), Names("rnn", layers=2)], ids=str)
def test_norms_are_those_of_the_whole_spectrum(network: Names) -> None:
    """Two computations: a product that is rescaled, and sweeps of orthonormal frames."""
    given = problem(network, hidden=5, steps=400)
    chain = chain_of(derived(network), given.given, given.sizes)
    lags = (1, 40, 400)
    theirs = spectra(chain, lags)[0].by_lag[:, 0] / np.log(10)
    assert log10_norms(chain, lags) == pytest.approx(list(theirs), rel=1e-9)


def test_rates_and_sizes() -> None:
    assert rate((1, 2, 10), (-0.5, -0.8, -3.2)) == pytest.approx(-0.3)
    assert rate((4,), (2.0,)) == 0.5 and rate((1, 2), (0.0, -np.inf)) == -np.inf and rate((1, 2), (0.0, None)) is None
    assert size([np.full(4, 1e-200)]) == pytest.approx(2e-200) and size([np.full(4, 1e200)]) == pytest.approx(2e200)
    assert size([np.zeros(3)]) == 0.0


def test_a_window_has_the_chain_of_the_whole_sequence() -> None:
    whole = problem(RNN, hidden=5, steps=120)
    near = window_of(whole, 30)
    lags = (1, 10, 30)
    norms = [np.array(log10_norms(chain_of(derived(RNN), p.given, p.sizes), lags)) for p in (whole, near.problem)]
    assert np.all(np.abs(norms[0] - norms[1]) < 1e-9 * np.maximum(1, np.abs(norms[0])))
    forgotten = {**near.problem.given, ("h", "state", 0): 0 * near.problem.given["h", "state", 0]}
    planted = np.array(log10_norms(chain_of(derived(RNN), forgotten, near.problem.sizes), lags))
    assert abs(planted[2] - norms[0][2]) > 1e-6
    assert near.problem.steps == 30 and "last 30 of 120" in near.sentence
    assert window_of(whole, 120).problem is whole


def test_a_network_that_overflows_is_seen_while_it_is_finite() -> None:
    whole = problem(LINEAR, hidden=3, steps=900)
    (w,) = recurrent(whole.model)
    whole = whole.with_given(with_weights(whole.given, {w: 10 * np.eye(3)}))
    found = case_of(whole, derived(LINEAR), (10,), longest=40)
    assert "first 40 of 900" in found.sentence and found.baseline.log_norms == pytest.approx((10.0,))
    assert orthogonal.measure(found)["chain.10"].after == pytest.approx(0.0, abs=1e-12)
    wild = orthogonal.measure(case_of(whole, derived(LINEAR), (10,), longest=900))
    assert wild["chain.10"].values[0] is None and "not finite at step" in wild.remarks[0]


def test_windows_of_other_wirings() -> None:
    last = window_of(problem(Names("rnn", wiring="last"), steps=50), 20).problem
    assert last.steps == 20 and np.isfinite(last.forward.values[place(last.model.total)]).all()
    two = problem(Names("rnn", wiring="seq2seq"), steps=50)
    short = window_of(two, 20).problem
    assert (short.sizes[S], short.steps, short.sizes[N_STATE]) == (20, 20, two.sizes[N_STATE])
    source = short.model.phases[0].cell.inputs[0]
    assert np.array_equal(short.given[place(source.at(20))], two.given[place(source.at(49))])
    assert np.isfinite(short.forward.values[place(short.model.total)]).all()
