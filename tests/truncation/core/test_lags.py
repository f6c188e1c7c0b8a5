"""The gradient by lag, what a window and chunks leave out, and the length that a bias allows."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.run import FORMS, gradients
from derive.strategies.chunks import Chunks
from derive.strategies.full import Full
from derive.strategies.window import Window
from derive.track import estimate, omitted
from derive.truncation.decisions import drawn
from derive.truncation.lags import by_lag
from derive.truncation.study import smallest
from tests.derive.models import Names, derived
from tests.truncation.core.networks import NETWORKS, exact, floats, fractions, numbers

EVERY = pytest.mark.parametrize("names", NETWORKS, ids=str)
ADJOINT = next(form for form in FORMS if form.descending)


@EVERY
def test_the_lags_are_the_terms_of_their_lag(names: Names) -> None:
    """Each by itself, against forward mode on copies of the parameters; initial states too."""
    network = exact(names, 4)
    ours = network.along(by_lag(network.track, norms=False).terms)
    for name, values in ours.items():
        for lag, value in enumerate(values):
            truth = [slope for (own, early, late), slope in network.terms.items() if (own, late - early) == (name, lag)]
            assert value == sum(truth, 0 * value), f"{name}, lag {lag}"


@EVERY
def test_the_lags_add_up_to_the_full_gradient(names: Names) -> None:
    network = exact(names, 4)
    lags = by_lag(network.track, norms=False)
    whole = gradients(derived(names), network.point.forward, ADJOINT)
    again = estimate(network.track, Full().machine(lags.steps), [1] * (lags.steps + 1))
    for name, array in lags.full.items():
        assert (array == whole[name]).all() and (array == again[name]).all()
        for tau in range(1, lags.steps + 2):
            assert (lags.window(tau)[name] + lags.tail(tau)[name] == array).all()


@EVERY
def test_a_window_keeps_its_lags(names: Names) -> None:
    """τ counts the shares that are kept: lags 0 … τ − 1, exactly."""
    network = exact(names, 4)
    lags = by_lag(network.track, norms=False)
    for tau in range(1, lags.steps + 2):
        kept = estimate(network.track, Window(tau).machine(lags.steps), [1] * (lags.steps + 1))
        for name, array in kept.items():
            assert (array == lags.window(tau)[name]).all()
        zero = all((lags.tail(tau)[name] == 0).all() for name in lags.parameters)
        assert zero is (tau >= lags.steps)
        if tau <= lags.steps and len(network.track.segments) == 1:
            assert all((lags.tail(tau)[name] != 0).any() for name in lags.initial), "h_0 stands one step further back"


@EVERY
def test_chunks_leave_nothing_out_from_the_whole_length_on(names: Names) -> None:
    network = exact(names, 4)
    steps = network.track.length
    for tau in range(1, steps + 2):
        own = drawn(Chunks(tau), steps, 1, np.random.default_rng(0))
        assert own.lengths(0) == (*[tau] * (steps // tau), *[steps % tau] * bool(steps % tau))
        left_out = omitted(network.track, numbers([Fraction(int(value)) for value in own.factors[0]]))
        zero = all((left_out[name] == 0).all() for name in network.track.shapes)
        assert zero is (tau >= steps)


@EVERY
@pytest.mark.parametrize("seed", range(3))
def test_what_is_omitted_for_any_factors(names: Names, seed: int) -> None:
    network = exact(names, 4)
    track = network.track
    factors = numbers(fractions(np.random.default_rng(seed), track.length + 1))
    full = estimate(track, Full().machine(track.length), [1] * (track.length + 1))
    kept = estimate(track, Full().machine(track.length), factors)
    for name, array in omitted(track, factors).items():
        assert (array == full[name] - kept[name]).all()


@settings(max_examples=15, deadline=None)
@given(
    names=st.sampled_from(NETWORKS), steps=st.integers(1, 9), seed=st.integers(0, 10**6), gain=st.floats(0.01, 3.0),
    drive=st.floats(0.01, 5.0), batch=st.integers(1, 3), hidden=st.integers(1, 4),
)  # fmt: skip
def test_in_floating_point(names: Names, gain: float, **how: Any) -> None:
    track = floats(names, gain=gain, **how)
    lags = by_lag(track)
    full = estimate(track, Full().machine(track.length), [1.0] * (track.length + 1))
    for name, array in lags.full.items():
        scale = sum(np.abs(own).max() for own in lags.terms[name]) or 1.0
        np.testing.assert_allclose(array, full[name], rtol=0, atol=1e-13 * scale)
    for tau in range(track.length, track.length + 3):
        assert all((lags.tail(tau)[name] == 0).all() for name in lags.parameters)
        whole = omitted(track, [1.0] * (track.length + 1))
        assert all((whole[name] == 0).all() for name in lags.parameters), "nothing is cut: zero, and no rounding"


def test_a_batch_is_averaged() -> None:
    """The gradient of a batch is the mean of its sequences' gradients; planted: the sum."""
    from derive.truncation.derived_track import DerivedTrack
    from verify.growth.drawing import network

    names = Names("gru")
    problem = network(derived(names).model, steps=6, hidden=3, drive=1.0, batch=3)
    timed = ("input", "target")
    singles = [
        problem.with_given({w: a[own : own + 1] if w[1] in timed else a for w, a in problem.given.items()})
        for own in range(3)
    ]
    whole = by_lag(DerivedTrack(derived(names), problem.forward))
    each = [by_lag(DerivedTrack(derived(names), own.forward)) for own in singles]
    for name, array in whole.terms.items():
        mean = np.mean([own.terms[name] for own in each], axis=0)
        np.testing.assert_allclose(array, mean, rtol=1e-12, atol=1e-14 * np.abs(mean).max())
        assert not np.allclose(array, np.sum([own.terms[name] for own in each], axis=0), rtol=1e-3)
    np.testing.assert_allclose(whole.errors, np.sum([own.errors for own in each], axis=0))


@given(st.dictionaries(st.integers(1, 40), st.floats(0, 2), min_size=1), st.floats(0.0, 2.0))
def test_the_smallest_length(biases: dict[int, float], most: float) -> None:
    found = smallest(biases, most)
    if found is None:
        assert biases[max(biases)] > most
    else:
        assert all(value <= most for tau, value in biases.items() if tau >= found)
        shorter = [tau for tau in biases if tau < found]
        assert not shorter or biases[max(shorter)] > most


def test_the_smallest_length_of_odd_curves() -> None:
    nan = math.nan
    assert smallest({}, 0.1) is None
    assert smallest({1: 0.0}, 0.0) == 1
    assert smallest({1: 0.05, 2: 0.5, 3: 0.0}, 0.1) == 3, "small at one τ by cancellation is no reason"
    assert smallest({1: 0.0, 2: nan, 3: 0.0}, 0.1) == 3 and smallest({1: 0.0, 2: nan}, 0.1) is None
    assert smallest({1: math.inf, 2: 0.1}, 0.1) == 2
