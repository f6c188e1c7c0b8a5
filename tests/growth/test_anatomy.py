"""The anatomy of a chain: its parts add up exactly, whatever the cell; and a saturated unit shows as what it is."""

from __future__ import annotations

import numpy as np
import pytest

from derive.growth.anatomy import anatomy, parts_of
from derive.growth.chain import chain_of
from derive.growth.saturation import saturations
from derive.growth.spectrum import spectra, spectrum
from tests.derive.models import Names, derived
from tests.growth.chains import NETWORKS, chain, dense, drawn

Array = np.ndarray


@pytest.mark.parametrize("names", NETWORKS, ids=str)
def test_it_adds_up_to_the_largest_singular_value(names: Names) -> None:
    ours = chain(names, batch=2)
    for sequence, found in enumerate(spectra(ours)):
        own = anatomy(ours, found.right, sequence=sequence)
        top = found.log_singular_values[0]
        if top == -np.inf:
            assert np.isneginf(own.growth).any()
            continue
        assert own.growth.sum() == pytest.approx(top, rel=1e-10, abs=1e-10)
        wanted = own.growth if own.logarithmic else np.ones(ours.steps)
        assert own.shares.shape == (len(own.parts), ours.steps)
        assert np.allclose(own.shares.sum(axis=0), wanted, rtol=0, atol=1e-12 * (1 + np.abs(own.shares).max()))
        assert np.allclose(own.direction, found.left, atol=1e-6 if found.rank > 1 else 1e-12)


@pytest.mark.parametrize("names", NETWORKS, ids=str)
def test_the_parts_are_the_factor(names: Names) -> None:
    """Every share by hand: the image under one part alone, along the image under all."""
    ours = chain(names)
    start = np.random.default_rng(0).normal(size=ours.size)
    start /= np.linalg.norm(start)
    own = anatomy(ours, start)
    vector = start
    for step, matrix in enumerate(dense(ours)):
        image = matrix @ vector
        length = np.linalg.norm(image)
        if length < 1e-13:
            break
        assert own.growth[step] == pytest.approx(np.log(length), abs=1e-10)
        vector = image / length
    if not own.logarithmic:
        blocks = {part.block for part in own.parts}
        assert len(own.parts) > 1 or blocks == {None}


def test_the_order_of_the_links_is_that_of_the_product() -> None:
    ours = chain(Names("rnn", "tanh"))
    right = spectrum(ours).right
    own = anatomy(ours, right)
    slopes, weights = own.parts
    assert slopes.is_slope and not weights.is_slope and own.logarithmic
    (_, links) = next(iter(ours.links()))
    w = links[1]
    assert own.shares[1, 0] == pytest.approx(np.log(np.linalg.norm(w @ right)))
    assert own.shares[0, 0] == pytest.approx(own.growth[0] - own.shares[1, 0])
    assert np.all(own.shares[0] <= 0), "slopes of tanh shrink"


def test_a_saturated_unit_shows_in_the_slopes() -> None:
    problem = drawn(Names("rnn", "tanh"), hidden=1, gain=1.0)
    biased = {**problem.given, ("b_ih", "parameter", None): np.full((1, 1), 6.0)}
    for given, slope in ((problem.given, -2.0), (biased, -5.0)):
        ours = chain_of(derived(Names("rnn", "tanh")), given, problem.sizes)
        own = anatomy(ours, np.ones(1))
        assert own.shares[1].mean() == pytest.approx(np.log(abs(problem.given["W_h", "parameter", None][0, 0])))
        assert (own.shares[0].mean() < -5.0) == (slope == -5.0)
        (seen,) = saturations(ours)
        assert (seen.saturated == 1.0) == (slope == -5.0) and seen.dead == 0
        assert seen.mean == pytest.approx(np.exp(own.shares[0]).mean())


def test_dead_units_are_counted() -> None:
    problem = drawn(Names("rnn", "relu"), batch=2)
    biases = np.array([[-100.0], [-100.0], [100.0], [100.0]])
    dead = {**problem.given, ("b_ih", "parameter", None): biases, ("W_h", "parameter", None): np.zeros((4, 4))}
    ours = chain_of(derived(Names("rnn", "relu")), dead, problem.sizes)
    for sequence in (0, 1):
        (seen,) = saturations(ours, sequence=sequence)
        assert (seen.dead, seen.saturated, seen.mean) == (0.5, 0.5, 0.5)


def test_a_direction_that_dies_is_followed_until_then() -> None:
    problem = drawn(Names("rnn", "relu"), steps=6)
    off = dict(problem.given)
    off["x", "input", 4] = np.full_like(off["x", "input", 4], -1e6)
    off["W_i", "parameter", None] = np.ones_like(off["W_i", "parameter", None])
    off["b_ih", "parameter", None] = np.full((4, 1), 50.0)
    ours = chain_of(derived(Names("rnn", "relu")), off, problem.sizes)
    own = anatomy(ours, np.full(4, 0.5))
    assert np.isfinite(own.growth[:3]).all() and np.isneginf(own.growth[3:]).all()
    assert np.isneginf(own.shares[:, 3:]).all() and not own.direction.any()
    assert np.isneginf(spectrum(ours).log_singular_values).all()


def test_sequences_are_not_confused() -> None:
    ours = chain(Names("lstm"), batch=3)
    right = spectra(ours)[2].right
    alone = drawn(Names("lstm"), batch=3)
    third = {w: a[2:] if w[2] is not None and np.ndim(a) > 2 else a for w, a in alone.given.items()}

    one = chain_of(derived(Names("lstm")), third, alone.sizes)
    a, b = anatomy(ours, right, sequence=2), anatomy(one, right)
    assert np.allclose(a.growth, b.growth) and np.allclose(a.shares, b.shares)
    assert not np.allclose(a.growth, anatomy(ours, right, sequence=0).growth)


def test_the_parts_of_a_jacobian() -> None:
    for names in NETWORKS:
        parts, logarithmic = parts_of(chain(names).jacobian)
        assert parts and all((part.block is None) or not logarithmic for part in parts)
