"""Relative error and angle, of gradients of any size."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from derive.truncation.distance import distance

SIZES = pytest.mark.parametrize("size", [1e-300, 1e-200, 1e-30, 1.0, 1e30, 1e200, 1e300])


@SIZES
@pytest.mark.parametrize("small", [1e-14, 1e-9, 1e-3, 0.5])
def test_at_any_size(size: float, small: float) -> None:
    """An error across the gradient: its share, and the angle atan(share), with all digits however small it is."""
    true = {"w": np.array([[3.0, 0.0]]) * size, "b": np.array([[4.0]]) * size}
    error = {"w": np.array([[0.0, 5.0 * small]]) * size, "b": np.array([[0.0]])}
    found = distance(error, true, ("w", "b"))
    assert found.relative == pytest.approx(small, rel=1e-12)
    assert found.angle == pytest.approx(math.degrees(math.atan(small)), rel=1e-9)


@SIZES
def test_opposite_and_parallel(size: float) -> None:
    true = {"w": np.array([[1.0, 2.0]]) * size}
    assert distance({"w": -2 * true["w"]}, true, ("w",)).angle == pytest.approx(180.0)
    assert distance({"w": 0.5 * true["w"]}, true, ("w",)).angle == 0.0


def test_where_there_is_nothing() -> None:
    zero, one = {"w": np.zeros((2, 2))}, {"w": np.ones((2, 2))}
    assert distance(zero, zero, ("w",)).relative == 0.0 and math.isnan(distance(zero, zero, ("w",)).angle)
    assert distance(one, zero, ("w",)).relative == math.inf and math.isnan(distance(one, zero, ("w",)).angle)
    assert distance({"w": -one["w"]}, one, ("w",)).relative == 1.0
    assert math.isnan(distance({"w": -one["w"]}, one, ("w",)).angle), "a zero estimate has no direction"


@pytest.mark.parametrize("bad", [math.inf, -math.inf, math.nan])
def test_what_is_not_finite_is_close_to_nothing(bad: float) -> None:
    with np.errstate(invalid="ignore"):
        found = distance({"w": np.array([[bad]])}, {"w": np.array([[1.0]])}, ("w",))
    assert not found.relative <= 1e300


@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=6), st.integers(0, 2**32 - 1))
def test_against_the_plain_formulas(values: list[float], seed: int) -> None:
    true = np.array(values)
    error = np.random.default_rng(seed).normal(size=len(values))
    if np.linalg.norm(true) < 1e-3:
        return
    found = distance({"w": error[None]}, {"w": true[None]}, ("w",))
    assert found.relative == pytest.approx(np.linalg.norm(error) / np.linalg.norm(true))
    kept = true + error
    cosine = kept @ true / np.linalg.norm(kept) / np.linalg.norm(true)
    assert math.cos(math.radians(found.angle)) == pytest.approx(cosine, abs=1e-9)
