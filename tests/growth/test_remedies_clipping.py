"""Clipping: the direction stays, the length is the threshold, the cliff is not jumped off."""

from __future__ import annotations

import numpy as np
import pytest

from tests.derive.models import Names
from tests.growth.networks import case
from verify.growth.remedies.kinds import clipping
from verify.growth.remedies.norms import size

WILD = {"a": np.array([[3.0, 0.0], [0.0, 4.0]]), "b": np.array([[12.0], [0.0]])}  # ‖g‖ = 13


def test_the_direction_stays_and_the_length_is_the_threshold() -> None:
    found = clipping.clipped(WILD, 2.6)
    assert size(found.values()) == pytest.approx(2.6, rel=1e-15)
    assert clipping.cosine(WILD, found) == pytest.approx(1, rel=1e-15)
    apart = {name: array * min(1.0, 2.6 / np.linalg.norm(array)) for name, array in WILD.items()}
    assert clipping.cosine(WILD, apart) < 0.999, "clipping each parameter by itself turns the gradient, and is caught"


def test_a_short_gradient_is_left_alone() -> None:
    for threshold in (13.0, 14.0):
        assert all(np.array_equal(clipping.clipped(WILD, threshold)[name], array) for name, array in WILD.items())


def test_a_gradient_beyond_the_squares_of_floats() -> None:
    found = clipping.clipped({"a": np.full((2, 2), 1e200)}, 2.0)
    assert np.allclose(found["a"], 1.0, rtol=1e-15, atol=0)


@pytest.mark.parametrize("network", [Names("rnn", "identity"), Names("rnn", wiring="last")], ids=str)
def test_the_cliff(network: Names) -> None:
    radius, drive = (1.2, 1.0) if network.variant else (3.0, 0.01)
    found = clipping.measure(case(network, radius=radius, hidden=32, steps=100, drive=drive))
    before, plain, short = found["loss"].values
    assert short is not None and before is not None and short < before
    assert plain is None or plain > before
    assert found["step.gradient"].after == pytest.approx(found["step.threshold"].after, rel=1e-12)
    assert found["step.cosine"].after == pytest.approx(1, rel=1e-12)
    assert "exceeds the threshold" in found.remarks[0]


def test_where_nothing_explodes_nothing_is_clipped() -> None:
    found = clipping.measure(case(Names("rnn"), radius=0.5, hidden=8, steps=40))
    assert "nothing is clipped" in found.remarks[0]
    rounded = ("step.threshold", "step.cosine")
    assert all(row.values[1] == row.values[2] for row in found.rows if row.key not in rounded)
    assert found["step.cosine"].after == pytest.approx(1, rel=1e-12)  # which BLAS adds decides about the last digit
    before, _, short = found["loss"].values
    assert before is not None and short is not None and short < before
