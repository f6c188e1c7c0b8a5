"""The bound is never below what a window omits; the estimate from short lags is right where errors shrink evenly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.truncation.contraction import Contraction, contraction
from derive.truncation.distance import flat
from derive.truncation.lags import by_lag
from tests.derive.models import Names
from tests.truncation.core.networks import NETWORKS, floats

ROUNDING = 1e-12


@settings(max_examples=20, deadline=None)
@given(
    names=st.sampled_from((*NETWORKS, Names("rnn", "relu"), Names("rnn", "identity"))), steps=st.integers(1, 14),
    seed=st.integers(0, 10**6), gain=st.sampled_from([1e-6, 0.1, 0.5, 1.0, 2.0, 8.0]),
    drive=st.sampled_from([0.0, 0.1, 1.0, 30.0]), batch=st.integers(1, 3),
)  # fmt: skip
def test_never_below_the_tail(names: Names, gain: float, **how: Any) -> None:
    """Shrinking, saturated and exploding chains; losses everywhere, at the end, and behind an encoder."""
    track = floats(names, gain=gain, **how)
    lags = by_lag(track)
    found = contraction(track, lags.errors)
    for tau in range(1, track.length + 1):
        tail = float(np.linalg.norm(flat(lags.tail(tau), lags.parameters)))
        assert found.bound(tau) >= tail * (1 - ROUNDING), f"τ = {tau}"
    assert found.bound(track.length) == found.bound(track.length + 5) == 0.0


def direct(errors: list[float], largest: float, tau: int) -> float:
    """M φ_k β^{τ−k}/(1 − β), the best k, written as it is said."""
    best = math.inf
    for k in range(tau + 1):
        beta = max((later / own if own else math.inf * (later > 0) for own, later in
                    zip(errors[k:-1], errors[k + 1 :], strict=True) if later), default=0.0)  # fmt: skip
        if beta < 1:
            best = min(best, largest * errors[k] * beta ** (tau - k) / (1 - beta))
    return best


@given(st.lists(st.sampled_from([0.0, 1e-3, 0.1, 0.5, 1.0, 2.0, 7.0]), min_size=1, max_size=9), st.integers(0, 8))
def test_it_is_the_formula(errors: list[float], tau: int) -> None:
    found = Contraction(np.array(errors), 3.0).bound(tau)
    assert found == pytest.approx(direct(errors, 3.0, tau) if tau < len(errors) else 0.0)


def test_none_where_errors_grow() -> None:
    assert Contraction(np.array([1.0, 2.0, 4.0, 8.0]), 1.0).bound(2) == math.inf
    assert Contraction(np.array([1.0, 2.0, 1.0, 0.5]), 1.0).bound(2) == pytest.approx(2.0), "from k = 2 on they shrink"
    assert Contraction(np.array([0.0, 0.0, 1.0]), 1.0).bound(1) == math.inf, "after nothing there came something"


def test_an_even_decay_is_bounded_by_its_series() -> None:
    errors = 5.0 * 0.5 ** np.arange(30)
    for tau in range(29):
        assert Contraction(errors, 2.0).bound(tau) == pytest.approx(2.0 * 5.0 * 0.5**tau / 0.5)
