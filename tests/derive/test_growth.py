"""The growth of the product chain: the naive product where that is finite, logarithms where it is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derive.growth.by_radius import chain_growth, slope_bound, with_radius
from derive.run import Derived
from derive.theory import Theory
from derive.unroll import place
from tests.derive.models import Names, derived, model, plain, variants
from verify.problem import Problem, random_problem

RNN = [plain("rnn", variant) for variant in variants("rnn")]
EVERY = pytest.mark.parametrize("names", RNN, ids=str)
W = next(w for w in model(RNN[0]).cell.parameters if w.name == "W_h")


def scaled(problem: Problem, radius: float) -> Problem:
    return replace(problem, given={**problem.given, place(W): with_radius(problem.given[place(W)], radius)})


@EVERY
@pytest.mark.parametrize("radius", [0.3, 1.0, 1.7])
def test_the_norms_are_those_of_the_naive_product(names: Names, radius: float) -> None:
    problem = scaled(random_problem(model(names), steps=12, hidden=4), radius)
    derivation = derived(names)
    growth = chain_growth(derivation, problem.forward, W, radius)
    env, theory = Derived(derivation, problem.forward), Theory(derivation.model)
    product, naive = np.eye(4), []
    for time in range(12, 0, -1):
        product = product @ env.leaf(theory.c(time), {}).reshape(4, 4)
        naive.append(np.linalg.norm(product, 2))
    assert len(growth.log_norms) == 12
    with np.errstate(divide="ignore"):
        wanted = np.log10(naive)
    found = np.array(growth.log_norms)
    assert np.array_equal(np.isfinite(found), np.isfinite(wanted))
    finite = np.isfinite(wanted)
    assert np.max(np.abs(10 ** (found[finite] - wanted[finite]) - 1), initial=0.0) < 1e-11


@EVERY
@pytest.mark.parametrize("seed", range(6))
def test_the_bound_is_never_below_the_norm(names: Names, seed: int) -> None:
    problem = scaled(random_problem(model(names), steps=30, hidden=5, seed=seed), (0.2, 0.9, 1.4)[seed % 3])
    growth = chain_growth(derived(names), problem.forward, W, 1.0)
    assert len(growth.log_bounds) == 30
    rounding = 1e-13 * np.arange(1, 31)  # one rounding of a norm a step, in log₁₀
    assert np.all(np.array(growth.log_norms) <= np.array(growth.log_bounds) + rounding)
    too_low = replace(growth, sigma=growth.sigma / 100)
    assert names.variant == "relu" or np.any(np.array(too_low.log_norms) > np.array(too_low.log_bounds))


def test_the_bound_takes_the_largest_singular_value_and_not_the_eigenvalue() -> None:
    """A non-normal W_h: ρ = 0.9 and yet the linear chain grows at first."""
    names = next(n for n in RNN if n.variant == "identity")
    problem = random_problem(model(names), steps=60, hidden=2)
    jordan = np.array([[0.9, 40.0], [0.0, 0.9]])
    problem = replace(problem, given={**problem.given, place(W): jordan})
    growth = chain_growth(derived(names), problem.forward, W, 0.9)
    assert growth.log_norms[1] > growth.log_norms[0] > 1 and growth.log_norms[59] < growth.log_norms[1]
    assert growth.sigma == pytest.approx(np.linalg.norm(jordan, 2), rel=1e-14)


def test_two_thousand_steps_stay_finite_in_log_space() -> None:
    names = next(n for n in RNN if n.variant == "tanh")
    problem = scaled(random_problem(model(names), steps=2000, hidden=3), 0.1)
    growth = chain_growth(derived(names), problem.forward, W, 0.1)
    assert len(growth.log_norms) == 2000 and np.all(np.isfinite(growth.log_norms))
    assert growth.log_norms[-1] < -1900  # no float reaches so far down
    assert np.all(np.array(growth.log_norms) <= np.array(growth.log_bounds) + 1e-9)


def test_a_dead_chain_is_minus_infinity_and_not_an_error() -> None:
    names = next(n for n in RNN if n.variant == "relu")
    problem = random_problem(model(names), steps=6, hidden=2)
    dead = {**problem.given, ("b_ih", "parameter", None): np.full((2, 1), -100.0)}
    growth = chain_growth(derived(names), replace(problem, given=dead).forward, W, 1.0)
    assert growth.log_norms == (-np.inf,) * 6


def test_the_slope_bound_of_each_activation() -> None:
    found = {names.variant: slope_bound(derived(names)) for names in RNN}
    known = {"tanh": 1.0, "sigmoid": 0.25, "relu": 1.0, "identity": 1.0}
    assert {name: found[name] for name in known} == known
    assert all(bound > 0 for bound in found.values())


def test_with_radius() -> None:
    matrix = np.random.default_rng(0).normal(size=(4, 4))
    assert np.max(np.abs(np.linalg.eigvals(with_radius(matrix, 0.7)))) == pytest.approx(0.7, rel=1e-13)
    with pytest.raises(ZeroDivisionError, match="nilpotent"):
        with_radius(np.array([[0.0, 1.0], [0.0, 0.0]]), 0.5)
