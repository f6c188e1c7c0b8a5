"""The factors as arrays: those of the derivation, for every network; and what is done with links."""

from __future__ import annotations

import numpy as np
import pytest

from derive import expr as ex
from derive.growth import trajectory
from derive.growth.factors import Diagonal, Factors, as_array, factors, matrix_value, product, times
from derive.growth.trajectory import Trajectory
from derive.indices import N_STATE
from derive.run import Derived
from tests.derive.models import Names, derived
from tests.growth.chains import NETWORKS, chain, dense, drawn

ULPS = 8 * np.finfo(float).eps


def by_derivation(names: Names, sequence: int, **how: object) -> list[np.ndarray]:
    problem, own = drawn(names, **how), derived(names)
    env = Derived(own, problem.forward)
    theory = chain(names, **how).theory
    found = []
    for step in range(1, 13):
        c = np.asarray(env.leaf(theory.c(step), {}))
        found.append(c[sequence if len(c) > 1 else 0] if c.ndim == 3 else c)
    return found


def apart(found: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.abs(found - wanted).max()) / max(float(np.abs(wanted).max()), 1e-300)


@pytest.mark.parametrize("names", NETWORKS, ids=str)
def test_they_are_what_the_derivation_says(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trajectory, "NUMBERS", 5 * 2 * 4**2)
    ours = chain(names, batch=2)
    for sequence in (0, 1):
        wanted = by_derivation(names, sequence, batch=2)
        found = dense(ours, sequence=sequence)
        assert len(found) == len(wanted) == 12
        assert max(map(apart, found, wanted)) < ULPS
        whole = np.concatenate([own.of(sequence).dense() for _, own in ours.windows()])
        assert max(map(apart, whole, wanted)) < ULPS
        shuffled = [wanted[0].T, *wanted[1:]]
        assert ours.size == 1 or np.allclose(wanted[0], wanted[0].T) or max(map(apart, found, shuffled)) > 1e-3


@pytest.mark.parametrize("names", NETWORKS, ids=str)
def test_walking_indexing_and_windows_are_the_same(names: Names, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trajectory, "NUMBERS", 5 * 4**2)
    ours = chain(names)
    ahead, back = (list(ours.links(backward=backward)) for backward in (False, True))
    assert [step for step, _ in ahead] == [step for step, _ in reversed(back)] == list(range(1, 13))
    for (_, a), (_, b) in zip(ahead, reversed(back), strict=True):
        assert all(np.array_equal(as_array(x), as_array(y)) for x, y in zip(a, b, strict=True))
    for _, own in ours.windows():
        one = own.of(0)
        for backward in (False, True):
            offsets = range(one.steps)[:: -1 if backward else 1]
            for offset, links in zip(offsets, one.walk(backward=backward), strict=True):
                assert all(np.array_equal(as_array(x), as_array(y)) for x, y in zip(links, one[offset], strict=True))


def test_a_vanilla_network_keeps_its_slopes_apart_from_its_weights() -> None:
    ours = chain(Names("rnn", "tanh"))
    (_, found) = next(iter(ours.windows()))
    slopes, weights = found.links
    assert isinstance(slopes, Diagonal) and slopes.column.shape == (12, 1, 4, 1)
    assert weights.shape == (4, 4), "the same at every step"


def test_links_that_are_not_square_are_multiplied_out() -> None:
    names = Names("rnn", "tanh")
    ours = chain(names)
    window = Trajectory(ours.theory.model, ours.theory.phase, ours.trajectory.given, ours.trajectory.sizes).window(0)
    n, two = N_STATE, ex.ONE * 2
    narrow = ex.MatMul(ex.Fill(ex.ONE, n, two), ex.Fill(ex.ONE, two, n))
    found = factors(narrow, window)
    assert len(found.links) == 1 and np.array_equal(found.links[0], np.full((4, 4), 2.0))
    assert found.dense().shape == (12, 4, 4)


def random(rng: np.random.Generator, kind: str) -> Diagonal | np.ndarray:
    if kind == "d":
        return Diagonal(rng.normal(size=(3, 1)))
    return (
        Diagonal(rng.normal(size=(5, 3, 1))) if kind == "D" else rng.normal(size=(5, 3, 3) if kind == "W" else (3, 3))
    )


@pytest.mark.parametrize("left", "dDwW")
@pytest.mark.parametrize("right", "dDwW")
def test_products_of_links(left: str, right: str) -> None:
    rng = np.random.default_rng(0)
    a, b = random(rng, left), random(rng, right)
    found = times(a, b)
    wanted = as_array(a) @ as_array(b)
    assert np.allclose(as_array(found), wanted, rtol=ULPS, atol=ULPS)
    assert isinstance(found, Diagonal) == (isinstance(a, Diagonal) and isinstance(b, Diagonal))
    assert np.allclose(product([a, b, a]), wanted @ as_array(a), rtol=10 * ULPS, atol=10 * ULPS)
    both = Factors(1, 5, (a, b)).dense()
    assert both.shape == (5, 3, 3) and np.allclose(both, wanted, rtol=ULPS, atol=ULPS)


def test_matrix_values_with_diagonals_stay_diagonal() -> None:
    ours = chain(Names("rnn", "tanh"))
    window = ours.trajectory.window(0)
    (h,) = ours.theory.phase.states
    d, column = ex.Diag(h), window.leaf(h, {})
    for node, wanted in (
        (d, column), (d + d, 2 * column), (3 * d, 3 * column), (ex.MatMul(d, d), column**2),
        (ex.Identity(N_STATE) + d, 1 + column),
    ):  # fmt: skip
        found = matrix_value(node, window)
        assert isinstance(found, Diagonal) and np.allclose(found.column, wanted, rtol=ULPS, atol=0)


def test_the_names_of_the_entries() -> None:
    assert chain(Names("lstm"), hidden=2).names == ("h_1", "h_2", "c_1", "c_2")
