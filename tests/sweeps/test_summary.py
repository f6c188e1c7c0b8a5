"""Medians over seeds on two axes."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptt.sweeps.grid import grid
from bptt.sweeps.summary import axes_shown, quantile, summarise
from bptt.sweeps.table import Table, table
from bptt.sweeps.task import Outcome
from derive.errors import InputError


def measured(words: Sequence[str]) -> Table:
    """The value 1000 hidden + 100 radius + steps + seed²/1000; seed 3 fails."""
    points = grid(words)
    outcomes = {}
    for point in points.points():
        hidden, radius, steps, seed = (point[name] or 0 for name in ("hidden", "radius", "steps", "seed"))
        value = 1000 * (hidden % 16) + 100 * radius + steps + seed**2 / 1000
        outcomes[point.key] = Outcome(point.key, {"v": value}, "failed" if seed == 3 else "")
    return table({"cell": "toy"}, points, outcomes)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.sampled_from([0.25, 0.5, 0.75]))
def test_quantiles_are_numpys(values: list[float], share: float) -> None:
    assert quantile(sorted(values), share) == pytest.approx(float(np.quantile(values, share)), rel=1e-9, abs=1e-9)


def test_quantiles_with_infinities_are_no_nan() -> None:
    assert quantile([-math.inf, -math.inf, 1.0], 0.5) == -math.inf
    assert quantile([-math.inf, 1.0], 0.5) == -math.inf
    assert quantile([-math.inf, 1.0], 0.75) == 1.0
    assert math.isnan(quantile([], 0.5))


def test_radius_against_steps_over_seeds() -> None:
    found = summarise(measured(["radius=0.5,1", "steps=10,20,30", "seeds=4"]), value="v")
    assert (found.x, found.y, found.xs, found.ys, found.held) == ("radius", "steps", (0.5, 1.0), (10, 20, 30), {})
    assert found.median[2] == (80.001, 130.001)  # of the seeds 0, 1 and 2
    assert (found.lower[2][0], found.upper[2][0]) == pytest.approx((80.0005, 80.0025))
    assert found.count == ((3, 3),) * 3


def test_other_axes_are_held_at_the_middle_or_where_one_wants() -> None:
    rows = measured(["radius=0.5,1", "steps=10,20", "hidden=1,2,3,4"])
    assert summarise(rows, value="v").held == {"hidden": 2}
    assert summarise(rows, value="v").median[0][0] == 2060.0
    assert summarise(rows, value="v", held={"hidden": 4}).median[0][0] == 4060.0
    assert summarise(rows, "hidden", "steps", "v").held == {"radius": 0.5}


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        (["steps=1,2", "radius=1,2"], ("radius", "steps")),
        (["steps=1,2", "gain=1,2", "hidden=1,2"], ("gain", "steps")),
        (["hidden=1,2", "drive=1,2"], ("hidden", "drive")),
        (["radius=1,2", "seeds=2"], ("radius", "steps")),
        (["steps=1,2"], ("steps", "hidden")),
        (["seeds=3"], ("steps", "hidden")),
    ],
)
def test_the_axes_that_are_shown(words: list[str], shown: tuple[str, str]) -> None:
    assert axes_shown(measured(words)) == shown
    summarise(measured(words), value="v")


def test_nothing_measured_is_nan() -> None:
    found = summarise(measured(["seeds=3,3", "radius=1"]), value="v")
    assert math.isnan(found.median[0][0]) and found.count == ((0,),)


@pytest.mark.parametrize(
    ("x", "y", "value", "held", "said"),
    [
        ("gain", "steps", "v", {}, "'gain' is not set anywhere"),
        ("colour", "", "v", {}, "'colour' is not set"),
        ("steps", "steps", "v", {}, "cannot be both"),
        ("", "", "w", {}, "no column 'w'.*choose one of: v"),
        ("", "", "reason", {}, "no column 'reason'"),
        ("", "", "v", {"hidden": 5}, "'hidden' does not have the value 5"),
    ],
)
def test_what_is_refused(x: str, y: str, value: str, held: dict[str, int], said: str) -> None:
    with pytest.raises(InputError, match=said):
        summarise(measured(["radius=1,2", "steps=1,2"]), x, y, value, held)
