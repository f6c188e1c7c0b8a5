"""Bounds are never below the truth, and wrong ones are; norms and determinants of the factors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st

from derive.growth.bounds import log_step_determinants, log_step_norms
from derive.growth.chain import Chain, chain_of
from derive.growth.factors import Diagonal
from derive.growth.recurrent import recurrent
from derive.growth.spectrum import Spectrum, spectra, spectrum
from derive.growth.weights_bound import weights_bound
from derive.unroll import place
from tests.derive.models import Names, derived
from tests.growth.chains import NETWORKS, Given, chain, dense, drawn, given

Array = np.ndarray
EPS = float(np.finfo(float).eps)
STEPS = 12


def margin(found: Spectrum, size: int) -> Array:
    """What rounding may add at each lag, in nats.

    A norm is the root of an eigenvalue of c cᵀ, whose entries are sums of n products: n roundings of ‖c‖², and those
    of the eigenvalue itself, a modest multiple of n more: 8 n ε covers both, and the γσ₁ of an SVD.  One such for every
    factor.  The truth has the error that its sweeps state, tenfold, and a rounding of its own logarithm for each sum.
    """
    lags, truth = np.array(found.lags), np.abs(found.by_lag[:, 0])
    truth = np.maximum(1.0, np.where(np.isfinite(truth), truth, 1.0))
    return lags * (8 * size * EPS + EPS * truth) + 10 * (found.agreement + EPS) * truth


def products(ours: Chain, sequence: int = 0) -> Array:
    return np.cumsum(log_step_norms(ours)[sequence, ::-1])


@settings(max_examples=60, deadline=None)
@drawing(
    names=st.sampled_from(NETWORKS),
    hidden=st.integers(1, 5),
    gain=st.sampled_from([0.3, 0.9, 1.0, 1.1, 3.0]),
    drive=st.sampled_from([0.0, 0.1, 1.0, 10.0]),
    start=st.sampled_from(["gaussian", "orthogonal", "identity"]),
    seed=st.integers(0, 10**6),
)
def test_no_bound_is_below_the_truth(
    names: Names, hidden: int, gain: float, drive: float, start: str, seed: int
) -> None:
    model = derived(names).model
    how = {"gain": gain, "start": start} if recurrent(model) else {}
    problem = drawn(names, steps=STEPS, hidden=hidden, drive=drive, seed=seed, batch=2, **how)
    ours = chain_of(derived(names), problem.given, problem.sizes)
    lags = tuple(range(1, STEPS + 1))
    bound = weights_bound(derived(names), problem.given, problem.sizes)
    norms = log_step_norms(ours)
    for sequence, found in enumerate(spectra(ours, lags)):
        truth, more = found.by_lag[:, 0], margin(found, ours.size)
        assert np.all(truth <= np.cumsum(norms[sequence, ::-1]) + more)
        if bound is not None:
            assert np.all(truth <= np.array(lags) * bound.log + more)
            assert np.all(norms <= bound.log + 8 * ours.size * EPS)


def test_wrong_bounds_are_violated() -> None:
    """γ of another function, ρ in the place of σ₁, one factor too few, and the product of spectral radii."""
    lags = tuple(range(1, STEPS + 1))

    def truth(names: Names, **how: object) -> tuple[Array, Array, float, Array]:
        problem = drawn(names, steps=STEPS, **how)
        ours = chain_of(derived(names), problem.given, problem.sizes)
        found = spectrum(ours, lags)
        (w,) = recurrent(problem.model)
        value = problem.given[place(w)]
        bound = weights_bound(derived(names), problem.given, problem.sizes)
        assert bound is not None
        radius = float(np.abs(np.linalg.eigvals(value)).max())
        allowed = margin(found, ours.size)
        assert np.all(found.by_lag[:, 0] <= np.array(lags) * bound.log + allowed)
        return found.by_lag[:, 0] - allowed, np.array(lags) * bound.log, np.log(radius), products(ours)

    true, right, radius, _ = truth(Names("rnn", "tanh"), drive=0.01, gain=1.5)
    assert np.any(true > right - np.array(lags) * np.log(4)), "γ = 1/4, that of the sigmoid"
    assert np.any(true > np.array(lags) * radius), "the spectral radius: the network is not normal"
    true, right, radius, norms = truth(Names("rnn", "identity"), start="orthogonal", gain=1.1)
    assert np.any(true > right * (np.array(lags) - 1) / np.array(lags)), "one factor too few"
    assert np.any(true > np.concatenate([[0.0], norms[:-1]])), "one norm too few"
    true, right, *_ = truth(Names("rnn", "sigmoid"), drive=0.01, gain=1.5)
    assert np.all(true < right + np.array(lags) * np.log(4)), "γ left out is a bound still, and a worse one"


def test_norms_of_the_factors() -> None:
    for names in NETWORKS:
        ours = chain(names, batch=2)
        found = log_step_norms(ours)
        assert found.shape == (2, STEPS)
        for sequence in (0, 1):
            wanted = [np.linalg.norm(matrix, 2) for matrix in dense(ours, sequence=sequence)]
            with np.errstate(divide="ignore"):
                assert np.allclose(found[sequence], np.log(wanted), rtol=0, atol=8 * ours.size * EPS), names


def test_norms_and_determinants_of_extreme_factors() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(size=(5, 5))
    for scale in (1e-300, 1e-30, 1.0, 1e30, 1e290):
        ours = given([base * scale, np.eye(5) * scale])
        norms, determinants = log_step_norms(ours)[0], log_step_determinants(ours)[0]  # type: ignore[arg-type]
        assert norms[0] - np.log(scale) == pytest.approx(np.log(np.linalg.norm(base, 2)), abs=1e-12)
        assert determinants[0] - 5 * np.log(scale) == pytest.approx(np.linalg.slogdet(base)[1], abs=1e-11)
    zero = given([np.zeros((3, 3)), np.diag([1.0, 0.0, 2.0])])
    assert log_step_norms(zero)[0].tolist() == [-np.inf, np.log(2)]  # type: ignore[arg-type]
    assert np.isneginf(log_step_determinants(zero)).all()  # type: ignore[arg-type]


def test_several_diagonal_links() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(2, 6, 3, 1))
    ours = Given([(Diagonal(a), Diagonal(b)) for a, b in zip(first, second, strict=True)])
    wanted = np.log(np.abs(first * second))[..., 0]
    assert np.allclose(log_step_norms(ours)[0], wanted.max(axis=1), rtol=1e-14)  # type: ignore[arg-type]
    assert np.allclose(log_step_determinants(ours)[0], wanted.sum(axis=1), rtol=1e-13)  # type: ignore[arg-type]


def test_determinants_check_the_spectrum() -> None:
    for names in NETWORKS:
        ours = chain(names, batch=2)
        found = log_step_determinants(ours)
        for sequence, own in enumerate(spectra(ours)):
            wanted = [np.linalg.slogdet(matrix)[1] for matrix in dense(ours, sequence=sequence)]
            regular = np.array(wanted) > -25 * np.log(10)
            assert np.allclose(found[sequence][regular], np.array(wanted)[regular], rtol=1e-8, atol=1e-8), names
            if own.rank == ours.size and regular.all() and not names.feedback:
                assert own.log_singular_values.sum() == pytest.approx(found[sequence].sum(), rel=1e-9, abs=1e-9)
                assert abs(own.exponents[0] * ours.size * STEPS - found[sequence].sum()) > 1e-3 or ours.size == 1
