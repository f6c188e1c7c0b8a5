"""Frames and triangular products: accurate beyond floats, honest about zeros, and never in each other's arrays."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.growth.factors import Diagonal, as_array
from derive.growth.frame import Frame, completed, numerical_rank, random_frame
from derive.growth.graded import Graded, _apart, _rounds
from tests.growth.chains import error

Array = np.ndarray


def truth(log: Array, rows: Array) -> Array:
    """log σ of diag(e^log) rows, by mpmath."""
    spread = float(np.ptp(log))
    with mpmath.workdps(40 + int(spread)):
        whole = mpmath.matrix(rows.tolist())
        for k, value in enumerate(log):
            whole[k, :] *= mpmath.e ** mpmath.mpf(float(value))
        found = [mpmath.log(s) if s else mpmath.mpf("-inf") for s in mpmath.svd_r(whole, compute_uv=False)]
        return np.sort(np.array([float(s) for s in found]))[::-1]


def graded(log: Array, rows: Array) -> Graded:
    return Graded(np.asarray(log, float), np.asarray(rows, float), np.asarray(log, float))


def triangle(rng: np.random.Generator, n: int, digits: float = 0.0) -> Array:
    """In column-major order, as LAPACK gives it, with rubbish below the diagonal."""
    upper = np.triu(rng.normal(size=(n, n))) + np.diag(np.sign(rng.normal(size=n)) * 2)
    return np.asfortranarray(upper * 10.0 ** (-digits * rng.random((n, 1))) + np.tril(rng.normal(size=(n, n)), -1) * 7)


# the singular values of diag(e^d) U


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 6), spread=st.sampled_from([0.0, 1.0, 30.0, 300.0]), seed=st.integers(0, 10**6))
def test_singular_values_of_graded_rows(n: int, spread: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    log, rows = spread * rng.normal(size=n), rng.normal(size=(n, n))
    found, vectors = graded(log, rows).svd()
    condition = np.linalg.cond(rows / np.linalg.norm(rows, axis=1)[:, None])
    assert error(found, truth(log, rows)) < 1e-14 * (10 + spread) * condition
    assert np.abs(vectors @ vectors.T - np.eye(n)).max() < 1e-14 * n
    assert np.all(np.diff(found) <= 0)


@pytest.mark.parametrize("digits", [3, 6, 9, 12])
def test_rows_that_are_nearly_parallel(digits: int) -> None:
    """Each digit of the condition costs one."""
    rng = np.random.default_rng(0)
    rows = np.outer(np.ones(5), rng.normal(size=5)) + 10.0**-digits * rng.normal(size=(5, 5))
    for log in (np.zeros(5), np.array([5.0, 0.0, 3.0, -8.0, 100.0]), np.arange(5) * -200.0):
        assert error(graded(log, rows).log_singular_values(), truth(log, rows)) < 1e-13 * 10.0**digits


def test_rows_that_are_parallel_are_one() -> None:
    for log in ([0.0, 0.0, 0.0], [0.0, -900.0, 40.0]):
        found, vectors = graded(log, [[3.0, 4.0, 0.0], [3.0, 4.0, 0.0], [0.0, 0.0, 1.0]]).svd()
        assert np.isfinite(found[:2]).all() and np.isfinite(vectors).all()
        assert np.all(found[2:] < found[1] - 30)
    axes = graded([0.0, 0.0], [[1.0, 0.0], [1.0, 0.0]]).log_singular_values()
    assert axes[0] == pytest.approx(np.log(2) / 2) and np.isneginf(axes[1:]).all()
    assert graded([0.0, 0.0], [[1.0, 0.0], [0.0, 0.0]]).log_singular_values().tolist() == [0.0]


def test_large_matrices_and_clusters() -> None:
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(64, 64))
    ours = graded(np.zeros(64), rows).log_singular_values()
    assert np.abs(ours - np.log(np.linalg.svd(rows, compute_uv=False))).max() < 1e-12
    turn = np.linalg.qr(rng.normal(size=(64, 64)))[0]
    assert np.abs(graded(np.zeros(64), turn).log_singular_values()).max() < 1e-14
    two = np.repeat([0.0, -50.0], 32)
    assert np.abs(graded(two, turn).log_singular_values() - two).max() < 1e-13
    assert len(Graded.identity(0).svd()[0]) == 0


def test_every_pair_meets_once() -> None:
    for count in range(1, 9):
        pairs = [(a, b) for left, right in _rounds(count) for a, b in zip(left, right, strict=True)]
        assert sorted(map(tuple, map(sorted, pairs))) == [(a, b) for a in range(count) for b in range(a + 1, count)]
        assert all(len({*left, *right}) == 2 * len(left) for left, right in _rounds(count))


# products


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 5), steps=st.integers(1, 30), digits=st.sampled_from([0, 2]), seed=st.integers(0, 10**6))
def test_products_of_triangles(n: int, steps: int, digits: int, seed: int) -> None:
    """diag(e^d) U is the product, whatever stands below the diagonal; and d is the sum of log|R_kk|."""
    rng = np.random.default_rng(seed)
    ours = Graded.identity(n)
    product, logs = mpmath.eye(n), np.zeros(n)
    with mpmath.workdps(300):
        for _ in range(steps):
            upper = triangle(rng, n, digits)
            before = upper.copy()
            ours.multiply(upper)
            assert np.array_equal(upper, before)
            product = mpmath.matrix(np.triu(upper).tolist()) * product
            logs += np.log(np.abs(upper.diagonal()))
        assert error(np.asarray(ours.diagonal, float), logs) < 1e-11
        for k in range(n):
            size = mpmath.sqrt(sum(product[k, m] ** 2 for m in range(n)))
            scale = mpmath.e ** mpmath.mpf(float(ours.log[k]))
            wrong = max(abs(scale * mpmath.mpf(float(ours.rows[k, m])) - product[k, m]) for m in range(n))
            assert wrong < 1e-9 * size


def test_gradings_of_any_steepness_and_in_any_order() -> None:
    """d may fall or rise by more than a float can express; where it rises, a row is what stands beside the diagonal."""
    rng = np.random.default_rng(0)
    for slope in (-3.0, -50.0, -400.0, -1000.0, 400.0, 1000.0):
        ours = Graded.identity(3)
        for _ in range(4):
            ours.multiply(np.asfortranarray(np.diag(np.exp(np.clip(slope * np.arange(3) / 4, -600, 600)))))
        top = ours.log.max()
        ours.multiply(triangle(rng, 3))
        assert np.isfinite(ours.rows).all() and np.isfinite(ours.log.astype(float)).all()
        found = ours.log_singular_values()
        assert abs(found[0] - top) < 5 and (slope > 0 or np.isfinite(found).all())
        assert np.abs(ours.rows).max() <= max(1e8, ours.largest)


def test_a_zero_on_the_diagonal_is_no_error() -> None:
    ours = Graded.identity(2)
    ours.multiply(np.asfortranarray([[0.0, 2.0], [0.0, 3.0]]))
    assert ours.log_singular_values()[0] == pytest.approx(np.log(13) / 2)
    with pytest.raises(FloatingPointError, match="not finite"):
        graded([0.0], [[np.nan]]).svd()


def test_the_shortcut_changes_nothing() -> None:
    """Rows that are far apart: the same numbers with the bracket and without it."""
    rng = np.random.default_rng(0)
    for gap in (41.0, 60.0, 90.0, 105.0):
        ours, plain = Graded.identity(4), Graded.identity(4)
        for _ in range(3):
            steep = np.asfortranarray(np.diag(np.exp(-gap * np.arange(4) / 3)))
            ours.multiply(steep)
            plain.multiply(steep)
        upper = triangle(rng, 4)
        if gap > 45:
            assert _apart(upper, np.asarray(ours.log, float), ours.largest)
        product = np.triu(upper) @ (np.exp(np.asarray(plain.log - plain.log[0], float))[:, None] * plain.rows)
        ours.multiply(upper)
        scaled = np.exp(np.asarray(ours.log - plain.log[0], float))[:, None] * ours.rows
        rows = np.linalg.norm(product, axis=1)[:, None]
        assert np.abs((scaled - product) / rows).max() < 1e-13
    near = np.asfortranarray([[1.0, 1e16], [0.0, 1.0]])
    assert not _apart(near, np.array([0.0, -41.0]), 1.0), "what stands beside the diagonal counts"
    assert not _apart(np.asfortranarray(np.eye(2)), np.array([0.0, -60.0]), 1e20), "and what it is multiplied with"
    assert _apart(np.asfortranarray(np.eye(2)), np.array([0.0, -60.0]), 1.0)


# frames


def test_a_frame_owns_its_arrays() -> None:
    """Nothing that was handed out changes later, and nothing that was handed in."""
    rng = np.random.default_rng(0)
    start = random_frame(5)
    kept, frame = start.copy(), Frame(start)
    weights = rng.normal(size=(5, 5))
    slopes = [Diagonal(rng.random((5, 1))) for _ in range(12)]
    before = weights.copy(), [s.column.copy() for s in slopes]
    handed, copies, bases = [], [], []
    for k, own in enumerate(slopes):
        links = [(own, weights), (weights,), (own,), (own, weights, own, weights)][k % 4]
        basis = frame.basis
        copy = basis.copy()
        upper = frame.carry(links, transposed=bool(k % 2))
        dense = np.eye(5)
        for link in links:
            dense = dense @ as_array(link)
        image = (dense.T if k % 2 else dense) @ copy
        assert np.allclose(frame.basis @ np.triu(upper), image, rtol=0, atol=1e-14 * np.abs(image).max() * 10)
        assert all(frame.basis is not array and not np.shares_memory(frame.basis, array) for array in frame._free)
        handed.append(upper)
        copies.append(upper.copy())
        bases.append(basis)
    assert all(np.array_equal(a, b) for a, b in zip(handed, copies, strict=True))
    assert np.array_equal(start, kept) and np.array_equal(weights, before[0])
    assert all(np.array_equal(s.column, c) for s, c in zip(slopes, before[1], strict=True))


def test_the_diagonal_alone_is_the_same() -> None:
    rng = np.random.default_rng(0)
    for digits in (1, 9):
        one, other = Frame(random_frame(6)), Frame(random_frame(6))
        for _ in range(10):
            links = (Diagonal(10.0 ** (-digits * rng.random((6, 1)))), rng.normal(size=(6, 6)))
            assert np.array_equal(one.stretch(links), other.carry(links).diagonal())
            assert np.array_equal(one.basis, other.basis)


def rank_of(*factors: Array, transposed: bool = False) -> list[int]:
    frame, found = Frame(random_frame(len(factors[0]))), []
    for matrix in factors:
        frame.carry((np.asarray(matrix, float),), transposed=transposed)
        found.append(frame.rank)
    return found


@pytest.mark.parametrize("transposed", [False, True])
def test_no_direction_of_a_regular_factor_is_lost(transposed: bool) -> None:
    """However badly it is scaled."""
    rng = np.random.default_rng(0)
    base = np.linalg.qr(rng.normal(size=(6, 6)))[0]
    for digits in (5, 13, 16, 40, 100, 290):
        scale = 10.0 ** (-digits * np.arange(6) / 5)
        for matrix in (scale[:, None] * base, base * scale, scale[:, None] * base * rng.permutation(scale)):
            if np.abs(matrix).min() > 1e-300:
                assert rank_of(matrix, base, matrix, transposed=transposed) == [6, 6, 6], digits
    ill = base @ np.diag(10.0 ** (-13 * np.arange(6) / 5)) @ np.linalg.qr(rng.normal(size=(6, 6)))[0]
    assert rank_of(ill, transposed=transposed) == [6]


@pytest.mark.parametrize("transposed", [False, True])
def test_every_direction_of_a_singular_factor_is_lost(transposed: bool) -> None:
    rng = np.random.default_rng(0)
    full = rng.normal(size=(6, 6))
    for rank in range(6):
        low = rng.normal(size=(6, rank)) @ rng.normal(size=(rank, 6))
        assert rank_of(full, low, full, transposed=transposed) == [6, rank, rank]
        units = np.diag([1.0] * rank + [0.0] * (6 - rank))
        assert rank_of(full, units @ full, full @ units, transposed=transposed)[1] == rank
        small = 10.0 ** (-9 * rng.random((6, 1))) * low
        assert rank_of(small, transposed=transposed) == [rank]
    # a frame that misses the kernel's complement: orthogonal complements are hit by rounding alone
    low = rng.normal(size=(6, 2)) @ rng.normal(size=(2, 6))
    frame = Frame(completed(np.linalg.qr(low)[0][:, :2]))
    frame.carry((low,), transposed=True)
    assert frame.rank == 2


def test_a_frame_that_is_empty_stays_empty() -> None:
    frame = Frame(random_frame(3))
    assert frame.carry((np.zeros((3, 3)),)).shape == (0, 3) and frame.rank == 0
    assert frame.carry((np.eye(3),)).shape == (0, 0) and frame.stretch((np.eye(3),)).shape == (0,)
    assert completed(frame.basis).shape == (3, 3)
    with pytest.raises(FloatingPointError, match="not finite"):
        Frame(random_frame(3)).carry((np.full((3, 3), np.nan),))


def test_numerical_rank() -> None:
    one = np.ones(3)
    assert numerical_rank(np.eye(3), one) == 3
    assert numerical_rank(np.diag([1.0, 1e-16, 1.0]), one) == 3, "a frame that is not in general position"
    assert numerical_rank(np.diag([1.0, 1.0, 1e-16]), one) == 2
    assert numerical_rank(np.diag([1.0, 1.0, 1e-16]), np.array([1.0, 1.0, 1e-16])) == 3
    assert numerical_rank(np.zeros((3, 3)), np.zeros(3)) == 0
    assert numerical_rank(np.tril(np.ones((3, 3)), -1), one) == 0, "what stands below the diagonal is not read"


def test_completed() -> None:
    for rank in range(6):
        basis = np.linalg.qr(np.random.default_rng(rank).normal(size=(5, max(rank, 1))))[0][:, :rank]
        whole = completed(basis)
        assert np.array_equal(whole[:, :rank], basis) and np.abs(whole.T @ whole - np.eye(5)).max() < 1e-15 * 5


def test_singular_vectors_whatever_the_order_of_the_rows() -> None:
    rng = np.random.default_rng(0)
    for log in (np.zeros(5), np.array([-3.0, 2.0, 0.0, 1.0, -7.0]), np.array([0.0, 30.0, -30.0, 0.0, 1.0])):
        for rows in (rng.normal(size=(5, 5)), rng.normal(size=(5, 7)), np.diag(rng.normal(size=5))[[3, 1, 0, 4, 2]]):
            rows = np.array(rows)
            for zero in (None, 1):
                if zero is not None:
                    rows[zero] = 0.0
                found, vectors = graded(log, rows).svd()
                _, sizes, vt = np.linalg.svd(np.exp(log)[:, None] * rows, full_matrices=False)
                top = int(np.count_nonzero(sizes > 1e-8 * sizes[0]))
                assert np.allclose(found[:top], np.log(sizes[:top]), rtol=1e-7)
                cosines = np.abs(np.einsum("ij,ij->i", vectors[:top], vt[:top]))
                distinct = np.abs(np.diff(sizes[:top], prepend=np.inf, append=0)) > 1e-3 * sizes[0]
                alone = distinct[:-1] & distinct[1:]
                assert np.abs(cosines[alone] - 1).max(initial=0.0) < 1e-9
