"""All singular values of long products against products in many digits, at every lag; and Lyapunov exponents."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
from hypothesis import given as drawing
from hypothesis import settings
from hypothesis import strategies as st

from derive.growth.bounds import log_step_determinants
from derive.growth.chain import Chain
from derive.growth.factors import Diagonal, as_array
from derive.growth.frame import Frame, random_frame
from derive.growth.power import followed, top_exponent
from derive.growth.spectrum import Spectrum, exponents, spectra, spectrum
from tests.derive.models import Names
from tests.growth.chains import NETWORKS, Given, chain, dense, error, exact, given

Array = np.ndarray
WANTED = 1e-6
TANH = Names("rnn", "tanh")
SLOW = pytest.mark.slow


def gaussian(rng: np.random.Generator, n: int) -> Array:
    return rng.normal(size=(n, n)) / np.sqrt(n)


def orthogonal(rng: np.random.Generator, n: int) -> Array:
    return np.linalg.qr(rng.normal(size=(n, n)))[0]


def tolerance(found: Spectrum, wanted: Array) -> float:
    """Ten times the error that is stated, and the rounding of sums of logarithms."""
    sizes = np.abs(wanted[np.isfinite(wanted)]).max(initial=1.0)
    return float(10 * found.agreement * max(1.0, sizes) + 1e-12 * max(1.0, sizes))


# the reference


def test_the_reference_is_right() -> None:
    """Against another library, another algorithm: mpmath's own singular values of its own product."""
    ours = chain(Names("gru"), steps=9)
    with mpmath.workdps(200):
        product = mpmath.eye(4)
        for matrix in dense(ours):
            product = mpmath.matrix(matrix.tolist()) * product
        wanted = np.sort([float(mpmath.log(s)) for s in mpmath.svd_r(product, compute_uv=False)])[::-1]
    assert error(exact(ours), wanted) < 1e-12
    assert np.isneginf(exact(given([np.diag([1.0, 0.0]), np.ones((2, 2))]))[1])


# networks


@pytest.mark.parametrize("names", NETWORKS, ids=str)
def test_every_network_at_every_lag(names: Names) -> None:
    ours = chain(names, steps=12)
    lags = tuple(range(1, 13))
    found = spectrum(ours, lags)
    singular = names.cell == "jordan" or names.feedback  # by its equations; rounded, it is not
    known = found.rank if singular else ours.size
    assert error(found.log_singular_values[:known], exact(ours, bits=1500)[:known]) < 1e-8 and found.agreement < 1e-9
    assert known == (ours.size - 3 if names.feedback else ours.size) or names.variant == "relu"
    assert found.lags == lags and found.by_lag.shape == (12, ours.size)
    for lag, row in list(zip(lags, found.by_lag, strict=True))[:: 1 if ours.size < 8 else 4]:
        known = int(np.isfinite(row).sum()) if singular else ours.size
        assert error(row[:known], exact(ours, lag, bits=1500)[:known]) < 1e-8, lag
    assert np.all(np.diff(found.log_singular_values[: found.rank]) <= 0)


def bits(found: Spectrum) -> int:
    """Enough for every one of these singular values: their squares, and as much again."""
    return 600 + int(6 * np.ptp(found.log_singular_values))


def digits(ours: Chain) -> None:
    found = spectrum(ours)
    wanted = exact(ours, bits=bits(found))
    assert error(found.log_singular_values, wanted) < WANTED
    assert error(found.log_singular_values, wanted) <= tolerance(found, wanted) < WANTED


@pytest.mark.parametrize("how", [{"radius": 0.9}, {"gain": 1.5}, {"gain": 3.0}, {"gain": 1.0, "drive": 3.0}], ids=str)
def test_a_hundred_steps_of_sixteen_units(how: dict[str, float]) -> None:
    digits(chain(TANH, **{"steps": 100, "hidden": 16, "drive": 0.1, **how}))


@SLOW
@pytest.mark.parametrize("how", [{"radius": 0.9}, {"gain": 1.5}], ids=str)
def test_a_hundred_steps_of_sixty_four_units(how: dict[str, float]) -> None:
    digits(chain(TANH, **{"steps": 100, "hidden": 64, "drive": 0.1, **how}))


@pytest.mark.parametrize(
    ("cell", "hidden"),
    [("lstm", 4), ("gru", 6), pytest.param("lstm", 16, marks=SLOW), pytest.param("gru", 32, marks=SLOW)],
)
def test_a_thousand_steps_of_gated_cells(cell: str, hidden: int) -> None:
    ours = chain(Names(cell), steps=1000, hidden=hidden, drive=0.1)
    found = spectrum(ours)
    wanted = exact(ours, bits=bits(found))
    assert error(found.log_singular_values, wanted) < WANTED


@pytest.mark.parametrize(
    ("steps", "hidden", "gain"),
    [
        (2000, 8, 1.0),
        (2000, 8, 0.99),
        (2000, 8, 1.01),
        pytest.param(100_000, 64, 1.0, marks=SLOW),  # and another gain in .ci/run
    ],
)
def test_an_orthogonal_linear_network_is_known(steps: int, hidden: int, gain: float) -> None:
    """Every singular value is gᵀ: T log g."""
    how = {"start": "orthogonal", "gain": gain, "drive": 0.0}
    ours = chain(Names("rnn", "identity"), steps=steps, hidden=hidden, **how)
    found = spectrum(ours)
    wanted = np.full(hidden, steps * np.log(gain))
    assert error(found.log_singular_values, wanted) < 1e-9
    assert error(found.exponents * steps, wanted) < 1e-9


def test_a_batch_is_each_sequence_alone() -> None:
    ours = chain(TANH, batch=3, steps=20)
    found = spectra(ours, (1, 7, 20))
    for sequence, own in enumerate(found):
        assert error(own.log_singular_values, exact(ours, sequence=sequence)) < 1e-9
        assert error(own.by_lag[1], exact(ours, 7, sequence=sequence)) < 1e-9
    assert len({own.log_singular_values[0] for own in found}) == 3
    rates, tops = exponents(ours), top_exponent(ours)
    assert rates.shape == (3, 4) and tops.shape == (3,)
    for own, rate in zip(found, rates, strict=True):
        assert np.allclose(own.exponents, rate, rtol=1e-12, atol=1e-12)


# given factors


def worked(ours: Given) -> None:
    """Right at every lag, to what is stated."""
    lags = tuple(range(1, ours.steps + 1))
    found = spectra(ours, lags)[0]
    wanted = exact(ours, bits=bits(found))
    assert error(found.log_singular_values, wanted) <= tolerance(found, wanted) < WANTED
    for lag in lags[:: max(1, ours.steps // 6)]:
        row = exact(ours, lag, bits=bits(found))
        assert error(found.by_lag[lag - 1], row) <= max(WANTED, tolerance(found, row)), lag


def shapes() -> dict[str, Given]:
    rng = np.random.default_rng(0)
    n = 6
    g, q = (lambda: gaussian(rng, n)), (lambda: orthogonal(rng, n))
    steep = lambda digits: Diagonal(10.0 ** (-digits * rng.random((n, 1))))  # noqa: E731
    clusters = np.diag([2.0, 2.0, 2.0, 0.5, 0.5, 0.1])
    jordan = 0.9 * np.eye(n) + 0.1 * np.diag(np.ones(n - 1), 1)
    return {
        "orthogonal": given([q() for _ in range(40)]),
        "permutations": given([np.eye(n)[rng.permutation(n)] for _ in range(40)]),
        "all equal": given([0.5 * np.eye(n)] * 30),
        "clusters": given([q() @ clusters for _ in range(20)]),
        "nearly defective": given([jordan] * 30),
        "one by one": given([rng.normal(size=(1, 1)) for _ in range(40)]),
        "two by two": given([gaussian(rng, 2) for _ in range(40)]),
        "one step": given([g()]),
        "gain 1e30": given([g() * 1e30 for _ in range(20)]),
        "gain 1e-30": given([g() * 1e-30 for _ in range(20)]),
        "gain 1e250": given([g() * 1e250 for _ in range(6)]),
        "gain 1e-300": given([g() * 1e-300 for _ in range(6)]),
        "slopes of 3 digits": Given([(steep(3), g()) for _ in range(30)]),
        "slopes of 6 digits": Given([(steep(6), g()) for _ in range(30)]),
        "slopes of 12 digits": Given([(steep(12), g()) for _ in range(30)]),
        "slopes of 20 digits": Given([(steep(20), g()) for _ in range(20)]),
        "slopes of 200 digits": Given([(steep(200), g()) for _ in range(4)]),
        "slopes on the right": Given([(g(), steep(12)) for _ in range(20)]),
        "slopes twice": Given([(steep(12), steep(6), g()) for _ in range(20)]),
        "slopes and weights twice": Given([(steep(12), g(), steep(6), g()) for _ in range(10)]),
        "small rows, multiplied out": given([as_array(steep(12)) @ g() for _ in range(20)]),
        "small columns, multiplied out": given([g() @ as_array(steep(12)) for _ in range(20)]),
    }


@pytest.mark.parametrize("name", shapes())
def test_given_factors(name: str) -> None:
    worked(shapes()[name])


@pytest.mark.parametrize("place", [0, 11, 23])
@pytest.mark.parametrize("lost", ["a row", "a column", "rank two", "everything", "units"])
def test_factors_that_are_singular(lost: str, place: int) -> None:
    rng = np.random.default_rng(place)
    factors = [gaussian(rng, 6) for _ in range(24)]
    if lost == "a row":
        factors[place][2] = 0.0
    elif lost == "a column":
        factors[place][:, 2] = 0.0
    elif lost == "rank two":
        factors[place] = np.outer([1, 2, 0, 1, 3, 1], [1, 0, 1, 1, 2, 1]) + np.outer(
            [0, 1, 1, 2, 0, 1], [2, 1, 0, 1, 0, 0]
        )
    elif lost == "everything":
        factors[place] = np.zeros((6, 6))
    else:
        for k in {place, (place + 5) % 24, (place + 6) % 24}:
            factors[k] = np.diag(rng.integers(0, 2, 6).astype(float))
    ours = given(factors)
    lags = tuple(range(1, 25))
    found = spectrum(ours, lags)
    for lag in lags:
        wanted = exact(ours, lag)
        assert error(found.by_lag[lag - 1], wanted) < 1e-9, lag
    assert error(found.log_singular_values, wanted) < 1e-9
    assert found.rank == np.isfinite(wanted).sum() < 6
    if lost == "everything":
        assert not found.left.any() and not found.right.any() and np.isneginf(found.exponents).all()


def test_a_nilpotent_factor_loses_a_direction_every_step() -> None:
    shift = np.diag(np.ones(4), 1)
    found = spectrum(given([shift] * 7), tuple(range(1, 8)))
    assert [int(np.isfinite(row).sum()) for row in found.by_lag] == [4, 3, 2, 1, 0, 0, 0]
    assert np.abs(found.by_lag[:4][np.isfinite(found.by_lag[:4])]).max() < 1e-14


def test_what_is_zero_up_to_rounding_is_zero() -> None:
    """A factor of rank two that is rounded is not of rank two in exact arithmetic; nobody means its 10⁻¹⁷."""
    rng = np.random.default_rng(1)
    low = rng.normal(size=(6, 2)) @ rng.normal(size=(2, 6))
    for place in (0, 5, 11):
        factors = [gaussian(rng, 6) for _ in range(12)]
        factors[place] = low
        found, wanted = spectrum(given(factors)), exact(given(factors))
        assert found.rank == 2 and np.isfinite(wanted).all()
        assert error(found.log_singular_values[:2], wanted[:2]) < 1e-9


def test_logarithms_beyond_any_float() -> None:
    """Q_t D Q_{t−1}ᵀ, 3000 times: σ_k is that of D to the power 3000, with 90 000 digits."""
    rng = np.random.default_rng(0)
    turns = [orthogonal(rng, 3) for _ in range(12)]
    for gain in (1e-30, 1e30):
        d = np.array([1.0, 0.5, 0.1]) * gain
        factors = [(turns[(k + 1) % 12] * d) @ turns[k % 12].T for k in range(3000)]
        found = spectrum(given(factors, width=500))
        assert abs(found.log_singular_values[0]) > 2e5
        assert error(found.log_singular_values, 3000 * np.log(d)) < 1e-9


def test_diagonal_chains_are_exact_in_whatever_order_entries_fall() -> None:
    """One half of the units falls first, the other half later: no frame in general position could see σ_1."""
    a, b = np.array([0.1, 0.1, 1.0, 1.0])[:, None], np.array([1.0, 1.0, 0.1, -0.1])[:, None]
    ours = Given([(Diagonal(a),)] * 300 + [(Diagonal(b),)] * 300)
    found = spectrum(ours, (1, 300, 600))
    assert error(found.log_singular_values, np.full(4, -300 * np.log(10))) < 1e-9
    assert error(found.by_lag[1], np.array([0, 0, -300, -300]) * np.log(10)) < 1e-9
    assert np.abs(found.left[np.argmax(np.abs(found.right))]) == 1 == np.abs(found.right).max()
    turn = orthogonal(np.random.default_rng(0), 4)
    swept = spectrum(given([turn @ as_array(Diagonal(d)) @ turn.T for d in (a, b) for _ in range(300)]))
    assert error(swept.log_singular_values, found.log_singular_values) > 1 and swept.agreement > 1
    dead = Given([(Diagonal(np.array([[0.0], [2.0]])),)] * 3)
    assert spectrum(dead).log_singular_values.tolist() == [3 * np.log(2), -np.inf]


KINDS = (
    "gaussian",
    "orthogonal",
    "permutation",
    "small rows",
    "small columns",
    "jordan",
    "cluster",
    "row",
    "tiny",
    "huge",
)


def factor(kind: str, n: int, rng: np.random.Generator) -> Array:
    base = gaussian(rng, n)
    if kind == "permutation":
        return np.eye(n)[rng.permutation(n)]
    if kind == "jordan":
        return np.eye(n) * rng.uniform(0.5, 1.5) + np.diag(np.ones(n - 1), 1)
    if kind == "row":
        base[rng.integers(n)] = 0.0
    scales = 10.0 ** (-10 * rng.random(n))
    return {
        "gaussian": base, "row": base, "orthogonal": orthogonal(rng, n), "small rows": scales[:, None] * base,
        "small columns": base * scales, "cluster": np.diag(rng.choice([0.5, 2.0], n)), "tiny": base * 1e-30,
        "huge": base * 1e30,
    }[kind]  # fmt: skip


@settings(max_examples=60, deadline=None)
@drawing(
    n=st.integers(1, 5),
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=14),
    seed=st.integers(0, 10**6),
)
def test_any_product_is_right_or_says_that_it_is_not(n: int, kinds: list[str], seed: int) -> None:
    rng = np.random.default_rng(seed)
    ours = given([factor(kind, n, rng) for kind in kinds], width=3)
    found = spectrum(ours)
    wanted = exact(ours, bits=12000)
    if found.agreement < 1e-3:
        assert error(found.log_singular_values, wanted) <= 10 * tolerance(found, wanted)
    assert error(found.log_singular_values[:1], wanted[:1]) <= max(1e-9, 10 * tolerance(found, wanted))


def test_the_stated_error_covers_the_true_one() -> None:
    """Chains that lose digits: it says so, and not much less than is true."""
    rng = np.random.default_rng(3)
    n, q = 6, orthogonal(rng, 6)
    turned = [q @ np.diag(d) @ q.T for d in ([0.1] * 3 + [1.0] * 3, [1.0] * 3 + [0.1] * 3)]
    steep = np.array([[1.0, 1e10, 1e10], [0.0, 1.0, 1e10], [0.0, 0.0, 1.0]])
    ill = [orthogonal(rng, n) @ np.diag(10.0 ** (-c * np.arange(n) / (n - 1))) @ orthogonal(rng, n) for c in (6, 9, 12)]
    losing = {f"switch {k}": given([turned[0]] * k + [turned[1]] * k) for k in (2, 4, 8, 12)}
    losing |= {f"condition {k}": given([matrix] * 30) for k, matrix in enumerate(ill)}
    losing |= {f"steep {k}": given([steep] * k) for k in (2, 4, 10)}
    for name, ours in losing.items():
        found, wanted = spectrum(ours), exact(ours, bits=9000)
        assert error(found.log_singular_values, wanted) <= tolerance(found, wanted), name
    assert spectrum(losing["steep 10"]).agreement > 1 > 1e-9 > spectrum(losing["switch 2"]).agreement


def test_singular_vectors() -> None:
    ours = chain(Names("lstm"), steps=10)
    found = spectrum(ours)
    product = np.linalg.multi_dot(dense(ours)[::-1])
    u, _, vt = np.linalg.svd(product)
    assert abs(abs(found.left @ u[:, 0]) - 1) < 1e-12 and abs(abs(found.right @ vt[0]) - 1) < 1e-12
    image = product @ found.right
    assert np.allclose(image / np.linalg.norm(image), found.left, atol=1e-12), "with the same sign"
    for steps in (1, 2, 3):  # an odd and an even number of sweeps
        one = given([np.diag([3.0, 2.0, 1e-3])[[1, 0, 2]]] * steps)
        mine, all_ = spectrum(one), np.linalg.multi_dot([np.eye(3), *dense(one)[::-1]])
        assert np.allclose(all_ @ mine.right, np.exp(mine.log_singular_values[0]) * mine.left, rtol=1e-12)


# exponents


def test_exponents_of_a_constant_matrix_are_those_of_its_eigenvalues() -> None:
    matrix = gaussian(np.random.default_rng(2), 6)
    wanted = np.sort(np.log(np.abs(np.linalg.eigvals(matrix))))[::-1]
    for steps in (500, 4000):
        found = exponents(given([matrix] * steps, width=100))[0]
        assert np.abs(found - wanted).max() < 20 / steps
        assert np.all(np.diff(found) <= 0)


def test_the_sum_of_exponents_is_the_mean_log_determinant() -> None:
    for names in (TANH, Names("gru"), Names("lstm")):
        ours = chain(names, steps=200, hidden=6)
        logs = log_step_determinants(ours)
        found = spectrum(ours)
        for own in (exponents(ours)[0], found.exponents, found.log_singular_values / 200):
            assert own.sum() == pytest.approx(logs.mean(), rel=1e-10)


def test_exponents_are_not_singular_values() -> None:
    """They differ by O(1), which does not vanish with T, and so in the rate by O(1)/T."""
    ours = {steps: chain(TANH, steps=steps, hidden=8, gain=1.5, drive=0.1) for steps in (100, 400, 1600)}
    for steps, own in ours.items():
        found = spectrum(own)
        difference = np.abs(found.exponents * steps - found.log_singular_values).max()
        assert 1e-3 < difference < 30, "and so the diagonal is not taken for singular values"


def test_the_first_few_exponents_and_power_iteration() -> None:
    ours = chain(TANH, steps=3000, hidden=12, gain=1.5, drive=0.1)
    every = exponents(ours)[0]
    assert np.abs(exponents(ours, 3)[0] - every[:3]).max() < 1e-10
    assert abs(top_exponent(ours)[0] - every[0]) < 10 / 3000
    assert exponents(ours, 1).shape == (1, 1)


def test_power_iteration_where_a_vector_would_not_fit_a_float() -> None:
    rng = np.random.default_rng(0)
    for gain in (1e30, 1e-30, 1e200, 1e-200):
        base = [gaussian(rng, 4) for _ in range(50)]
        plain, scaled = (next(given(f, width=50).windows())[1].of(0) for f in (base, [gain * b for b in base]))
        start = random_frame(4)[0]
        direction, log = followed(plain, start)
        other, more = followed(scaled, start)
        assert more - log == pytest.approx(50 * np.log(gain), rel=1e-12) and np.allclose(direction, other, rtol=1e-9)
    dead = next(given([np.eye(2), np.zeros((2, 2)), np.eye(2)]).windows())[1].of(0)
    assert followed(dead, np.array([1.0, 0.0]))[1] == -np.inf


def test_dead_chains_have_no_exponent() -> None:
    zero = given([np.diag([1.0, 0.5]), np.diag([1.0, 0.0])] * 4, width=3)
    found = exponents(zero)
    assert abs(found[0, 0]) < 5 / 8 and found[0, 1] == -np.inf
    assert np.isneginf(exponents(given([np.zeros((2, 2))] * 3))).all()


# what is wrong is seen to be wrong


def naive(factors: list[Array]) -> Array:
    product = np.eye(len(factors[0]))
    for matrix in factors:
        product = matrix @ product
    with np.errstate(divide="ignore"):
        return np.log(np.linalg.svd(product, compute_uv=False))


def benettin(factors: list[Array], every: int = 1) -> Array:
    """The diagonal of the triangular factors alone."""
    frame, total = random_frame(len(factors[0])), 0.0
    for begin in range(0, len(factors), every):
        for matrix in factors[begin : begin + every]:
            frame = matrix @ frame
        frame, upper = np.linalg.qr(frame)
        total = total + np.log(np.abs(upper.diagonal()))
    return np.sort(total)[::-1]


def rarely(factors: list[Array]) -> Array:
    """Our own sweeps, but with a QR after every ten steps only."""
    tens = [np.linalg.multi_dot(factors[k : k + 10][::-1]) for k in range(0, len(factors), 10)]
    return spectrum(given(tens)).log_singular_values


def test_wrong_ways_miss_the_tolerance() -> None:
    ours = chain(TANH, steps=100, hidden=16, gain=1.5, drive=0.1)
    factors, wanted = dense(ours), exact(ours, bits=4000)

    def right(these: list[Array]) -> Array:
        return spectrum(given(these)).log_singular_values

    assert error(right(factors), wanted) < WANTED
    wrong = {
        "the naive product": naive(factors),
        "Benettin's diagonal": benettin(factors),
        "the factors in the wrong order": right(factors[::-1]),
        "one factor left out": right(factors[:50] + factors[51:]),
        "the first factor left out": right(factors[1:]),
        "a QR every ten steps": rarely(factors),
        "the transposed factors": right([matrix.T for matrix in factors]),
    }
    assert {name: error(found, wanted) > WANTED for name, found in wrong.items()} == dict.fromkeys(wrong, True)


def test_a_frame_stays_orthonormal_and_gives_back_the_product() -> None:
    rng = np.random.default_rng(0)
    for transposed in (False, True):
        frame, product = Frame(random_frame(5)), random_frame(5)
        for _ in range(30):
            links = (Diagonal(10.0 ** (-8 * rng.random((5, 1)))), gaussian(rng, 5), gaussian(rng, 5))
            matrix = as_array(links[0]) @ links[1] @ links[2]
            before = frame.basis.copy()
            upper = np.triu(frame.carry(links, transposed=transposed))
            product = (matrix.T if transposed else matrix) @ before
            assert np.allclose(frame.basis @ upper, product, rtol=0, atol=1e-14)
            assert np.abs(frame.basis.T @ frame.basis - np.eye(5)).max() < 1e-14
