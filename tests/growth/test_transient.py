"""The transient of a matrix: normal matrices have none, Jordan blocks a known one, and no bound is above the truth."""

from __future__ import annotations

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.growth.transient import kreiss_bound, numerical_radius, transient

Array = np.ndarray


def powers(matrix: Array, count: int = 400) -> Array:
    found, power = [], np.eye(len(matrix))
    for _ in range(count + 1):
        found.append(np.linalg.norm(power, 2))
        power = matrix @ power
    return np.array(found)


def jordan(value: float, n: int, above: float = 1.0) -> Array:
    return value * np.eye(n) + above * np.diag(np.ones(n - 1), 1)


def shift(n: int, by: int) -> Array:
    return np.eye(n, k=by)


@pytest.mark.parametrize("kind", ["orthogonal", "symmetric", "skew", "diagonal"])
def test_a_normal_matrix_has_no_transient(kind: str) -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=(6, 6))
    matrix = {
        "orthogonal": np.linalg.qr(a)[0], "symmetric": a + a.T, "skew": a - a.T, "diagonal": np.diag(a[0]),
    }[kind]  # fmt: skip
    for radius in (0.5, 0.99, 1.0, 3.0):
        scaled = matrix * (radius / np.abs(np.linalg.eigvals(matrix)).max())
        found = transient(scaled)
        assert found.hump == pytest.approx(1.0, abs=1e-9) and (found.at == 0 or radius >= 1)
        assert found.kreiss == pytest.approx(1.0, abs=1e-9)
        assert found.departure < 1e-6
        assert found.radius == pytest.approx(radius) and found.sigma == pytest.approx(radius)
        assert found.numerical_radius == pytest.approx(min(radius, 1.0), rel=1e-9)
        assert found.relative == (found.radius >= 1)


def test_a_jordan_block_has_the_known_powers() -> None:
    """(λI + aN)ᵏ = Σ_m C(k, m) λ^(k−m) aᵐ Nᵐ, in rational arithmetic up to the last rounding."""
    for value, above, n in ((0.9, 1.0, 2), (0.5, 4.0, 3), (0.95, 0.3, 5)):
        found = transient(jordan(value, n, above))
        norms = [
            np.linalg.norm(sum(comb(k, m) * value ** (k - m) * above**m * shift(n, m) for m in range(min(n, k + 1))), 2)
            for k in range(401)
        ]
        assert found.hump == pytest.approx(max(norms), rel=1e-12) and found.at == int(np.argmax(norms))
        assert found.hump > 1.5 and not found.relative
        assert 1 < found.kreiss <= found.hump * (1 + 1e-9)
        assert found.hump <= np.e * n * found.kreiss * (1 + 1e-6), "Spijker: the search was good enough"
        assert found.departure == pytest.approx(np.sqrt((n - 1) * above**2 / ((n - 1) * above**2 + n * value**2)))


@settings(max_examples=30, deadline=None)
@given(
    n=st.integers(1, 6),
    radius=st.sampled_from([0.3, 0.9, 0.99]),
    above=st.sampled_from([0.0, 1.0, 10.0]),
    seed=st.integers(0, 10**6),
)
def test_bounds_hold(n: int, radius: float, above: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(n, n)) / np.sqrt(n)
    matrix *= radius / max(np.abs(np.linalg.eigvals(matrix)).max(), 1e-3)
    matrix = np.triu(matrix) if above and radius < 0.95 else matrix
    matrix = matrix + above * np.triu(rng.normal(size=(n, n)), 1) * (np.abs(np.triu(matrix) - matrix).max() == 0)
    if np.abs(np.linalg.eigvals(matrix)).max() > 0.995:
        return
    found, norms = transient(matrix), powers(matrix)
    top = norms.max()
    assert found.hump == pytest.approx(top, rel=1e-9)
    assert found.kreiss <= top * (1 + 1e-9), "from below"
    assert top <= np.e * n * found.kreiss * (1 + 1e-6), "from above"
    w, sigma = found.numerical_radius, found.sigma
    assert sigma / 2 <= w * (1 + 1e-9) and w <= sigma * (1 + 1e-9) and found.radius <= w * (1 + 1e-9)
    assert np.all(norms[:50] <= 2 * w ** np.arange(50) * (1 + 1e-8)), "Berger and Pearcy"
    assert 0 <= found.departure <= 1


def test_a_bound_that_rounding_decides_is_not_above_the_truth() -> None:
    """zI − W of a long Jordan block is singular in float64, at a z where it is not."""
    for n, above in ((12, 1.0), (25, 1.0), (40, 1.5)):
        matrix = jordan(0.5, n, above)
        scale = 0.49999 / 0.5
        top = powers(matrix * scale).max()
        assert kreiss_bound(matrix * scale) <= top * (1 + 1e-9)


def test_numerical_radius() -> None:
    assert numerical_radius(np.array([[0.0, 1.0], [0.0, 0.0]])) == pytest.approx(0.5, rel=1e-12)
    assert numerical_radius(np.array([[3.0]])) == pytest.approx(3.0)
    assert numerical_radius(np.array([[-3.0]])) == pytest.approx(3.0)
    for n in (3, 4, 7):  # of a shift: cos(π / (n + 1))
        assert numerical_radius(np.diag(np.ones(n - 1), 1)) == pytest.approx(np.cos(np.pi / (n + 1)), rel=1e-10)
    rng = np.random.default_rng(0)
    for _ in range(5):
        a = rng.normal(size=(4, 4))
        angles = np.linspace(0, 2 * np.pi, 5000)
        fine = max(np.linalg.eigvalsh((m + m.conj().T) / 2)[-1] for m in (np.exp(1j * t) * a for t in angles))
        assert fine * (1 - 1e-12) <= numerical_radius(a) <= fine * (1 + 1e-6)
        assert numerical_radius(2.5 * a) == pytest.approx(2.5 * numerical_radius(a))


def test_a_growing_matrix_is_looked_at_relative_to_its_radius() -> None:
    small = jordan(0.9, 2)
    large = transient(small * 2)
    assert (
        large.relative
        and large.radius == pytest.approx(1.8)
        and large.sigma == pytest.approx(np.linalg.norm(small * 2, 2))
    )
    norms = powers(small / 0.9)
    assert large.hump == pytest.approx(norms.max()) and large.at == 400, "it grows without end, and is cut"


def test_one_number_and_nilpotent_matrices() -> None:
    assert transient(np.array([[0.5]])).hump == 1.0
    found = transient(np.array([[0.0, 5.0], [0.0, 0.0]]))
    assert found.hump == pytest.approx(5.0) and found.at == 1 and found.departure == pytest.approx(1.0)
    assert found.radius == 0.0 and 1 < found.kreiss <= 5 <= 2 * np.e * found.kreiss
