"""The words of a sweep: what they mean, and what is refused."""

from __future__ import annotations

import math
import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptt.sweeps.axes import AXES, BY_SETTING, SETTINGS
from bptt.sweeps.grid import Grid, Point, grid
from bptt.sweeps.items import MOST, short
from derive.errors import InputError

DECIMALS = st.decimals(min_value=Decimal("0.001"), max_value=100, places=3)
SEPARATED = st.text(alphabet="0123456789.,:eE+- nanif=radiusstep", max_size=40)


def values(*words: str) -> Grid:
    return grid(words)


@given(DECIMALS, DECIMALS, st.integers(0, 200))
def test_a_range_is_exact_in_decimal_and_has_its_upper_end(first: Decimal, step: Decimal, more: int) -> None:
    last = first + more * step
    found = values(f"radius={first}:{last}:{step}").values["radius"]
    exact = [first + place * step for place in range(more + 1)]
    assert found == tuple(float(number) for number in exact)
    assert [Decimal(short(number)) for number in found] == exact


@given(
    DECIMALS, DECIMALS, st.integers(0, 50), st.decimals(min_value=Decimal("0.01"), max_value=Decimal("0.99"), places=2)
)
def test_a_range_that_does_not_meet_its_upper_end_stays_below_it(
    first: Decimal, step: Decimal, more: int, part: Decimal
) -> None:
    last = first + (more + part) * step
    found = values(f"radius={first}:{last:.20f}:{step}").values["radius"]
    assert found == tuple(float(first + place * step) for place in range(more + 1))


@given(st.lists(st.integers(1, 1000), min_size=1, max_size=20))
def test_a_list_is_the_set_of_its_values_ascending(numbers: list[int]) -> None:
    found = values(f"steps={','.join(map(str, numbers))}").values["steps"]
    assert found == tuple(sorted(set(numbers)))
    assert all(type(number) is int for number in found)


@given(st.dictionaries(st.sampled_from(["hidden", "steps", "seeds"]), st.integers(2, 5), min_size=1))
def test_the_grid_is_the_product_with_the_last_axis_fastest(sizes: dict[str, int]) -> None:
    found = grid([f"{name}=1:{size}:1" for name, size in sizes.items()])
    points = list(found.points())
    assert len(points) == len(found) == math.prod(sizes.values())
    assert points == sorted(points, key=lambda point: [point[name] or 0 for name in SETTINGS])
    assert len({point.key for point in points}) == len(points)


@given(SEPARATED)
def test_whatever_is_written_is_a_grid_or_an_error_with_place_and_mend(text: str) -> None:
    for word in (text, f"radius={text}", f"seeds={text}"):
        try:
            assert 1 <= len(grid([word])) <= MOST
        except InputError as error:
            assert error.where.startswith("--sweep") and error.mend and len(str(error)) < 400


@given(st.floats(min_value=1e-90, max_value=1e90))
def test_a_setting_reads_back_as_the_same_number(number: float) -> None:
    assert values(f"radius={number!r}").values["radius"] == (number,)
    assert float(short(number)) == number


def test_what_a_sweep_says() -> None:
    found = values("radius=0.5:1.5:0.05", "steps=10,100,1000", "seeds=20")
    assert len(found) == 21 * 3 * 20
    assert [short(number) for number in found.values["radius"][4:7]] == ["0.7", "0.75", "0.8"]
    assert found.values["seed"] == tuple(range(20))
    assert next(found.points()).key == "hidden=16 inputs=2 drive=0.1 radius=0.5 steps=10 seed=0"


@pytest.mark.parametrize(
    ("word", "seeds"),
    [("seeds=3", (0, 1, 2)), ("seeds=7,3", (3, 7)), ("seeds=5:9:1", (5, 6, 7, 8, 9)), ("seeds=5:9:3", (5, 8))],
)
def test_seeds(word: str, seeds: tuple[int, ...]) -> None:
    assert values(word).values["seed"] == seeds


def test_a_list_may_contain_ranges_that_overlap() -> None:
    assert values("steps=1:4:1,3:9:2, 100").values["steps"] == (1, 2, 3, 4, 5, 7, 9, 100)


def test_words_that_mean_the_same_have_one_digest() -> None:
    assert values("radius=0.5,1", "seeds=3").digest == values("seeds=0:2:1", "radius=0.5:1.0:0.5").digest
    assert values("radius=0.5,1").digest != values("radius=0.5,1.1").digest
    assert values("radius=1").digest != values("gain=1").digest


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("radius", ["no '='", "radius=0.5:1.5:0.05"]),
        ("colour=1", ["no axis 'colour'", "radius, gain, steps, seeds"]),
        ("steps=1 steps=2", ["'steps' is given twice"]),
        ("radius=", ["no values"]),
        ("steps=1,,2", ["missing", "commas"]),
        ("steps=1,", ["missing"]),
        ("radius=nan", ["'nan' is not a finite number"]),
        ("radius=1:inf:1", ["'inf' is not a finite number"]),
        ("radius=0", ["'0' is not a positive number", "spectral radius"]),
        ("radius=-0.5", ["'-0.5' is not a positive number"]),
        ("steps=1.5", ["'1.5' is not a positive whole number"]),
        ("steps=0", ["'0' is not a positive whole number"]),
        ("steps=1:9:0.5", ["step of '1:9:0.5' is not whole"]),
        ("radius=1:2:0", ["step of '1:2:0' is not positive"]),
        ("radius=1:2:-1", ["step of '1:2:-1' is not positive"]),
        ("radius=2:1:0.5", ["'2:1:0.5' descends"]),
        ("radius=1:2", ["'1:2' is no range", "LO:HI:STEP"]),
        ("radius=1:2:3:4", ["is no range"]),
        ("radius=1_0", ["'1_0' is not a number"]),
        ("radius=٣", ["is not a number"]),
        ("radius=__import__('os')", ["is not a number"]),
        ("radius=1e5000", ["does not fit a float"]),
        ("radius=1e-399", ["too small for a float"]),
        ("radius=1e200", ["more than 1e+100"]),
        ("hidden=1e6", ["more than 10000"]),
        ("seeds=0", ["no values", "20"]),
        ("radius=1 gain=2", ["'gain' and 'radius' contradict each other", "leave gain or radius out"]),
        ("seeds=2e6", ["2,000,000 values"]),
        ("radius=1e-300:1:1e-300", ["more than 10^300 values"]),
        ("steps=1:1e6:1 seeds=2", ["2,000,000 points (1000000 × 2)", "1,000,000"]),
        ("steps=" + "1," * 20000 + "1", ["characters are too many"]),
        ("radius=" + "1" * 50, ["is not a number"]),
    ],
)  # fmt: skip
def test_what_is_refused(words: str, parts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        grid(words.split(" "))
    assert caught.value.where.startswith("--sweep") and caught.value.mend
    for part in parts:
        assert part in str(caught.value)


def test_nothing_to_sweep_is_refused() -> None:
    with pytest.raises(InputError, match="no axis"):
        grid([])


def test_a_point_is_a_frozen_mapping_that_travels() -> None:
    point = next(values("radius=0.9").points())
    again = pickle.loads(pickle.dumps(point))
    assert again == point and hash(again) == hash(point) and again.key == point.key
    assert point["gain"] is None and "gain" not in point.key and set(point) == set(SETTINGS)
    with pytest.raises(KeyError):
        point["colour"]
    assert Point(tuple(point.values())) == point


def test_every_axis_has_its_own_setting_and_a_default_that_fits() -> None:
    assert len(BY_SETTING) == len(AXES)
    for name, axis in AXES.items():
        assert axis.default is None or values(f"{name}={axis.default},{axis.default}").values[axis.sets]
