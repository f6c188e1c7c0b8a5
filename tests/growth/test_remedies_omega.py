"""Pascanu's regulariser: its derived gradient against autograd, planted errors, and the descent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import sympy as sp

from derive.expr import Add
from derive.functions import Elementwise, Z
from derive.growth.recurrent import multiplying
from derive.theory import Theory
from derive.unroll import place
from tests.derive.models import Names
from tests.growth.networks import CELLS, case, derived, problem
from tests.growth.omega_oracle import total_and_gradient
from verify.growth.remedies import regulariser as module
from verify.growth.remedies.held import Held, gradient, hold, omegas, total
from verify.growth.remedies.kinds import omega
from verify.growth.remedies.regulariser import DEVIATION, Regulariser, regulariser

Array = np.ndarray
CLOSE = 1e-10
RNN = Names("rnn")


@cache
def rule(names: Names) -> Regulariser:
    return regulariser(Theory(derived(names).model))


@cache
def held(names: Names) -> Held:
    return hold(rule(names), derived(names), problem(names, hidden=4, steps=6))


@cache
def theirs(names: Names) -> tuple[float, dict[str, Array]]:
    phase = derived(names).model.main
    value, found = total_and_gradient(phase, held(names), multiplying(phase), rule(names).seeds)
    return value, {w.name: array for w, array in found.items()}


def apart(ours: dict[str, Array], expected: dict[str, Array]) -> float:
    """The largest difference of any block, relative to the largest entry of that block; a missing one is 0."""
    return max(
        float(np.max(np.abs(ours.get(name, 0 * array) - array)) / (np.max(np.abs(array)) or 1.0))
        for name, array in expected.items()
    )


def ours(names: Names, run: Held | None = None) -> dict[str, Array]:
    return {w.name: array for w, array in gradient(rule(names), run or held(names)).items()}


@pytest.mark.parametrize("names", CELLS, ids=str)
def test_the_derived_gradient_is_the_oracles(names: Names) -> None:
    value, expected = theirs(names)
    assert value > 0 and total(rule(names), held(names)) == pytest.approx(value, rel=1e-12)
    assert apart(ours(names), expected) < CLOSE


def sign(g: Array) -> Array:
    return -g


def turned(g: Array) -> Array:
    return g.T


def twice(g: Array) -> Array:
    return 2 * g


@pytest.mark.parametrize("wrong", [sign, turned, twice], ids=lambda mistake: mistake.__name__)
def test_wrong_gradients_are_caught(wrong: Callable[[Array], Array]) -> None:
    found = {name: wrong(array) for name, array in ours(RNN).items()}
    assert apart(found, theirs(RNN)[1]) > 1e-2


def test_the_slope_held_constant_is_caught() -> None:
    """The mistake of leaving φ″ out: only the term in which W stands by itself."""
    (w,) = rule(RNN).gradient
    node = rule(RNN).gradient[w]
    assert isinstance(node, Add) and len(node.args) == 2
    for term in node.args:
        sweep = replace(rule(RNN).sweep, at_sources={w: term})
        found = gradient(replace(rule(RNN), sweep=sweep), held(RNN))
        assert apart({w.name: found[w]}, theirs(RNN)[1]) > 1e-2


def test_a_step_too_few_is_caught() -> None:
    run = held(RNN)
    assert apart(ours(RNN, replace(run, reached=run.reached & (np.arange(6) > 0))), theirs(RNN)[1]) > 1e-3


def test_the_square_of_the_ratio_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """(z − 1)² in the place of (√z − 1)²."""
    monkeypatch.setattr(module, "DEVIATION", Elementwise("deviation", (Z - 1) ** 2))
    wrong = regulariser(Theory(derived(RNN).model))
    assert abs(total(wrong, held(RNN)) - theirs(RNN)[0]) > 1e-2 * theirs(RNN)[0]
    assert apart({w.name: g for w, g in gradient(wrong, held(RNN)).items()}, theirs(RNN)[1]) > 1e-2


def test_a_complex_step_agrees() -> None:
    """The expression of Ω itself is analytic: Im Ω(W + ihD)/h is its derivative along D."""
    run, rng = held(RNN), np.random.default_rng(1)
    (w,) = rule(RNN).gradient
    direction = rng.normal(size=(4, 4))
    moved = {place(w): run.shared[place(w)] + 1e-30j * direction}
    along = float(np.imag(total(rule(RNN), run, moved))) / 1e-30
    assert along == pytest.approx(float(np.sum(direction * ours(RNN)[w.name])), rel=1e-12)
    assert along != pytest.approx(float(np.sum(direction * ours(RNN)[w.name].T)), rel=1e-3)


def test_a_factor_that_is_zero_has_no_slope() -> None:
    """A network of ReLUs that are all off: Ω_t = 1 and no direction to go."""
    names = Names("rnn", "relu")
    run = held(names)
    off = replace(run, shared={**run.shared, ("b_ih", "parameter", None): np.full((4, 1), -1e3)})
    with np.errstate(all="ignore"):
        assert np.array_equal(omegas(rule(names), off), np.ones(6))
        assert all(np.array_equal(array, 0 * array) for array in ours(names, off).values())
    assert sp.limit(sp.diff((sp.sqrt(Z) - 1) ** 2, Z), Z, 0, "+") == -sp.oo
    assert DEVIATION.slope.subs(Z, 0) == 0


def test_a_gradient_too_small_to_be_squared_has_a_direction() -> None:
    run = case(Names("rnn", "sigmoid", wiring="last"), radius=0.5, hidden=4, steps=220).problem
    found = hold(rule(Names("rnn", "sigmoid", wiring="last")), derived(Names("rnn", "sigmoid", wiring="last")), run)
    lengths = np.linalg.norm(found.now["delta", "unknown"], axis=(1, 2))
    assert found.reached.all() and np.allclose(lengths, 1, rtol=1e-12, atol=0)


def test_orthogonal_and_linear_has_nothing_to_regularise() -> None:
    names = Names("rnn", "identity")
    given = problem(names)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(4, 4)))[0]
    run = hold(rule(names), derived(names), given.with_given({**given.given, ("W_h", "parameter", None): turn}))
    assert total(rule(names), run) < 1e-28 < 1e-3 < total(rule(names), held(names))


@pytest.mark.parametrize(("variant", "radius"), [("tanh", 0.5), ("identity", 1.5), ("identity", 0.7)])
def test_omega_falls_and_the_chain_follows(variant: str, radius: float) -> None:
    """A chain that vanishes and one that explodes both come nearer to a norm of one."""
    found = omega.measure(case(Names("rnn", variant), radius=radius, hidden=12, steps=50))
    before, after = found["omega"].values
    assert before is not None and after is not None and 0 < after < before / 2
    old, new = found["chain.50"].values
    assert old is not None and new is not None and abs(new) < abs(old) - 1


def test_the_descent_never_climbs() -> None:
    start = case(Names("gru"), hidden=4, steps=12)
    path = omega.descended(rule(Names("gru")), start, omega.point(rule(Names("gru")), start, start.problem))
    values = [point.omega for point in path]
    assert len(values) > 1 and all(b < a for a, b in pairwise(values))


def test_no_loss_no_omega() -> None:
    """A readout that reads nothing sends nothing back."""
    given = problem(RNN)
    deaf = given.with_given({**given.given, ("W_o", "parameter", None): np.zeros((3, 4))})
    found = omega.measure(replace(case(RNN), problem=deaf))
    assert "not defined" in found.reason
