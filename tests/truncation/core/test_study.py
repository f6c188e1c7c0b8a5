"""The whole study: curves, what is measured of every strategy, and networks of extreme size."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import derive.truncation.study as module
from derive.errors import InputError
from derive.strategies.chunks import Chunks
from derive.strategies.full import Full
from derive.strategy import Strategy
from derive.track import estimate
from derive.truncation.decisions import drawn
from derive.truncation.derived_track import DerivedTrack
from derive.truncation.distance import Distance, distance
from derive.truncation.lags import by_lag
from derive.truncation.study import Study, _chunks, study
from tests.derive.models import Names, derived
from tests.truncation.core.networks import SMALL, floats
from verify.growth.drawing import network


def studied(names: Names, **how: Any) -> Study:
    more = {key: how.pop(key) for key in ("strategies", "length", "lengths", "seed") if key in how}
    problem = network(derived(names).model, **{"steps": 12, "hidden": 3, "drive": 1.0, **how})
    return study(derived(names), problem.forward, **{"lengths": (2, 4), **more})


def check_chunks(
    track: DerivedTrack, of: Callable[..., Mapping[int, Distance]] = _chunks, make: Callable[[int], Strategy] = Chunks
) -> None:
    """The curve of chunks is what estimates with these chunks are away from the full gradient."""
    full = estimate(track, Full().machine(track.length), [1.0] * (track.length + 1))
    full = {name: full[name] for name in track.shapes}
    for tau, found in of(track, full).items():
        own = make(tau)
        factors = drawn(own, track.length, 1, np.random.default_rng(0)).factors[0]
        kept = estimate(track, own.machine(track.length), list(factors))
        expected = distance({name: kept[name] - full[name] for name in full}, full, full)
        assert found.relative == pytest.approx(expected.relative, rel=1e-6, abs=1e-12), f"τ = {tau}"


@pytest.mark.parametrize("names", SMALL, ids=str)
def test_the_curve_of_chunks(names: Names) -> None:
    check_chunks(floats(names, steps=7))


@pytest.mark.parametrize("names", SMALL, ids=str)
def test_what_is_measured(names: Names) -> None:
    found = studied(names, length=3)
    assert found.windows[found.steps].relative == 0.0 == found.chunks[found.steps].relative
    by_name = {own.strategy.name: own for own in found.measured}
    assert by_name["window"].bias.relative == pytest.approx(found.windows[3].relative, rel=1e-9)
    assert by_name["chunks"].bias.relative == pytest.approx(found.chunks[3].relative, rel=1e-9)
    for own in found.measured:
        assert own.error == pytest.approx(np.hypot(own.bias.relative, own.deviation))
        assert (own.deviation > 0) is own.strategy.is_random and not own.runs
        assert (own.bias.relative < 1e-12) is own.strategy.unbiased
    assert by_name["artbp"].deviation == by_name["randomised"].deviation
    assert {own.size for own in found.by_length} == {2, 4}
    assert "full" not in {own.strategy.name for own in found.by_length}
    for tau, whole in found.windows.items():
        assert found.bound(tau) >= whole.relative * (1 - 1e-12)


def test_the_deviation_is_that_of_draws() -> None:
    found = studied(Names("rnn"), length=4)
    full = found.full
    for own in found.measured:
        if own.strategy.is_random:
            runs = drawn(own.strategy, found.steps, 20000, np.random.default_rng(5))
            estimates = estimate(found.track, own.strategy.machine(found.steps), runs.by_link)
            square = sum(((estimates[name] - full[name]) ** 2).sum(axis=(-2, -1)) for name in full).mean()
            assert np.sqrt(square) / found.norm == pytest.approx(own.deviation, rel=0.1)


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_the_shortest_sequences(steps: int) -> None:
    found = studied(Names("rnn"), steps=steps, lengths=(2,))
    assert len(found.windows) == steps and found.windows[steps].relative == 0.0
    assert all(found.bound(tau) >= 0 and found.estimated_bound(tau) >= 0 for tau in found.windows)


TINY = 2.0**-700
HUGE = 2.0**500


def of_size(scale: float) -> Study:
    """The errors of a linear network with a squared loss, at any size."""
    names = Names("rnn", "identity", loss="squared_error")
    problem = network(derived(names).model, steps=8, hidden=3, drive=1.0)

    class Sized(DerivedTrack):
        def seed(self, step: int) -> np.ndarray:
            return scale * super().seed(step)

    right = module.DerivedTrack
    module.DerivedTrack = Sized  # type: ignore[misc]
    try:
        return study(derived(names), problem.forward, lengths=(2, 4))
    finally:
        module.DerivedTrack = right  # type: ignore[misc]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("scale", [TINY, HUGE])
def test_nothing_depends_on_the_size_of_the_gradient(scale: float) -> None:
    one, other = of_size(1.0), of_size(scale)
    assert other.norm == scale * one.norm != 0.0
    for mine, its in zip(other.measured, one.measured, strict=True):
        assert (mine.deviation, mine.bias.relative) == (its.deviation, its.bias.relative)
    for tau in one.windows:
        assert other.bound(tau) == pytest.approx(one.bound(tau))
        assert other.windows[tau] == one.windows[tau]


@pytest.mark.filterwarnings("error")
def test_an_exploding_chain_whose_gradient_is_a_number() -> None:
    found = studied(Names("rnn", "identity"), steps=100, gain=30.0, hidden=4)
    assert np.isfinite(found.norm) and found.norm > 1e140
    assert all(np.isfinite(own.deviation) for own in found.measured)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("names", [Names("rnn", "relu"), Names("rnn", "identity")], ids=str)
def test_a_gradient_that_is_none(names: Names) -> None:
    with pytest.raises(InputError, match="larger than any floating point number"):
        studied(names, steps=400, gain=100.0, hidden=4)


def test_a_gradient_that_is_zero() -> None:
    """No drive: the recurrent parameters of a linear network have nothing to multiply."""
    found = studied(Names("rnn", "identity"), drive=0.0, gain=1e-300)
    assert all(not np.isnan(own.deviation) for own in found.measured)


def test_saturated_units() -> None:
    found = studied(Names("rnn"), drive=1e4)
    assert all(np.isfinite(own.relative) for own in found.windows.values())


def test_the_lags_of_many_steps_are_kept_apart() -> None:
    """A vanishing chain: the tail is added up from its own terms, far below the rounding of the whole."""
    track = floats(Names("rnn"), steps=40, gain=1e-2)
    lags = by_lag(track)
    tails = [float(np.abs(lags.tail(tau)["W_h"]).max()) for tau in range(1, 40)]
    assert all(0 < later < 0.2 * own for own, later in pairwise(tails)) and tails[-1] < 1e-70
