"""One unit with constant coefficients: the recursion, the closed double sum, the moments, and the boundary c² = π."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
import pytest

from derive.arithmetic import Array
from derive.strategies.artbp import Artbp
from derive.strategies.randomised import Randomised
from derive.strategies.randomised_one_step import OneStep
from derive.track import Gradients, Track
from derive.truncation.boundary import Scalar, is_bounded, variance
from derive.truncation.moments import moments

GRID = [Fraction(number, 10) for number in (-12, -7, -2, 0, 3, 5, 9, 10, 13)]
KEPT = [Fraction(number, 10) for number in (1, 3, 5, 8, 9, 10)]


class Unit(Track):
    """z_t = b + c z_{t−1}, and one loss z_N."""

    def __init__(self, unit: Scalar, steps: int) -> None:
        self.unit, self.length, self.shapes = unit, steps, {"w": (1, 1)}

    def seed(self, step: int) -> Array:
        return np.full((1, 1, 1), Fraction(int(step == self.length)), dtype=object)

    def back(self, step: int, columns: Array) -> Array:
        return self.unit.c * columns

    def forward(self, step: int, columns: Array) -> Array:
        return self.unit.c * columns

    def share(self, step: int, delta: Array) -> Gradients:
        return {"w": self.unit.b * delta.sum(-3)}

    def initial(self, step: int) -> Mapping[str, slice]:
        return {}


def double_sum(unit: Scalar, steps: int) -> Fraction:
    """Σ_{i,k} [∏_{j>max(i,k)} 1/π − 1] g_i g_k with g_i = c^{t−i} b."""
    g = {i: unit.c ** (steps - i) * unit.b for i in range(1, steps + 1)}
    return sum((unit.pi ** -(steps - max(i, k)) - 1) * g[i] * g[k] for i in g for k in g)  # type: ignore[return-value]


@pytest.mark.parametrize("c", GRID)
@pytest.mark.parametrize("pi", KEPT)
def test_three_ways_to_the_variance(c: Fraction, pi: Fraction) -> None:
    unit = Scalar(c, pi, Fraction(3, 2))  # type: ignore[arg-type]
    for steps in (1, 2, 5):
        track = Unit(unit, steps)
        ours = variance(unit, steps)
        assert ours == double_sum(unit, steps)
        for same in (Randomised(pi), Artbp(1 - pi)):
            assert moments(track, same, Fraction).variance["w"].item() == ours


@pytest.mark.parametrize("c", GRID)
def test_the_printed_estimator(c: Fraction) -> None:
    """Var = (1/π − 1) c² a_{t−1}²."""
    pi, b, steps = Fraction(3, 5), Fraction(2), 5
    mean = sum(c**k for k in range(steps - 1)) * b
    found = moments(Unit(Scalar(c, pi, b), steps), OneStep(pi), Fraction)  # type: ignore[arg-type]
    assert found.variance["w"].item() == (1 / pi - 1) * c**2 * mean**2
    assert found.mean["w"].item() == b + c * mean


def limit(unit: Scalar) -> bool:
    """Whether the variance stays where it is, when it is followed far."""
    near, far = variance(unit, 400), variance(unit, 1600)
    return bool(np.isfinite(far) and far <= near * 1.001 + 1e-30)


@pytest.mark.parametrize("pi", [0.1, 0.3, 0.5, 0.8, 0.9])
@pytest.mark.parametrize("c", [-1.1, -0.9, -0.5, -0.2, 0.0, 0.2, 0.5, 0.6, 0.85, 0.92, 1.0, 1.1])
def test_bounded_where_the_square_is_below_the_chance(c: float, pi: float) -> None:
    assert is_bounded(Scalar(c, pi)) is limit(Scalar(c, pi)) is (c * c < pi)


def test_on_the_boundary_it_grows_by_the_same_every_step() -> None:
    unit = Scalar(Fraction(1, 2), Fraction(1, 4), Fraction(1))  # type: ignore[arg-type]
    steps = [variance(unit, t + 1) - variance(unit, t) for t in (40, 41)]
    assert not is_bounded(unit) and float(steps[0]) == pytest.approx(float(steps[1])) and steps[0] > 2


@pytest.mark.parametrize("c", [0.0, 0.5, 1.0, 2.0, -3.0])
def test_what_is_never_cut_has_no_variance(c: float) -> None:
    assert variance(Scalar(c, 1.0), 50) == 0.0 and is_bounded(Scalar(c, 1.0))


def test_without_a_share_there_is_none_either() -> None:
    assert is_bounded(Scalar(5.0, 0.1, 0.0)) and variance(Scalar(5.0, 0.1, 0.0), 9) == 0.0
    assert is_bounded(Scalar(0.0, 0.1))
