"""Elementwise functions: the slope in terms of the output is proven or absent, and stable formulas are the same."""

from __future__ import annotations

import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import functions
from derive.functions import (
    ACTIVATIONS,
    Elementwise,
    Y,
    Z,
    exp,
    identity,
    log,
    reciprocal,
    relu,
    sigmoid,
    tanh,
)

ALL = {name: value for name, value in vars(functions).items() if isinstance(value, Elementwise)}
EVERY = pytest.mark.parametrize("function", ALL.values(), ids=ALL)
softplus = Elementwise("softplus", sp.log(1 + sp.exp(Z)))
leaky = Elementwise("leaky", sp.Piecewise((Z, Z > 0), (Z / 10, True)))


def test_every_activation_is_looked_at() -> None:
    assert set(ACTIVATIONS.values()) <= set(ALL.values()) and {"tanh", "sigmoid", "relu", "identity"} <= set(
        ACTIVATIONS
    )


@pytest.mark.parametrize(
    ("function", "form"),
    [(tanh, 1 - Y**2), (sigmoid, Y - Y**2), (exp, Y), (reciprocal, -(Y**2)), (identity, sp.Integer(1))],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_slope_in_terms_of_the_output(function: Elementwise, form: sp.Expr) -> None:
    assert function.output_form is not None and sp.expand(function.output_form - form) == 0


@EVERY
def test_a_form_in_the_output_is_the_slope(function: Elementwise) -> None:
    """Also for functions that are added later."""
    form = function.output_form
    if form is not None:
        difference = (function.slope - form.subs(Y, function.expr)).rewrite(sp.exp)
        assert sp.simplify(difference) == 0


LOOKALIKES = {
    "relu": relu,
    "log": log,
    "softplus": softplus,
    "leaky": leaky,
    "square": Elementwise("square", Z**2),
    "cube": Elementwise("cube", Z**3),
    "sine": Elementwise("sine", sp.sin(Z)),
    "swish": Elementwise("swish", Z / (1 + sp.exp(-Z))),
    "constant": Elementwise("constant", sp.Integer(3)),
    "two rates": Elementwise("two rates", sp.exp(Z) + sp.exp(sp.sqrt(2) * Z)),
    "third power of tanh": Elementwise("tanh3", sp.tanh(Z) ** 3),
    "tanh with a trace of more": Elementwise("nearly", sp.tanh(Z) + sp.exp(Z) / 10**9),
}


@pytest.mark.parametrize("name", LOOKALIKES)
def test_a_function_without_such_a_form_has_none(name: str) -> None:
    assert LOOKALIKES[name].output_form is None


def test_a_fit_at_the_chosen_points_is_not_enough() -> None:
    """y = z²: a parabola through the slope at the three points exists, and is refused by the proof."""
    points = np.array([2.0, 3.0, 5.0])
    fitted = np.polyfit(points**2, 2 * points, 2)
    assert np.max(np.abs(np.polyval(fitted, points**2) - 2 * points)) < 1e-10
    assert LOOKALIKES["square"].output_form is None


@EVERY
def test_the_stable_formula_is_the_same_function(function: Elementwise) -> None:
    difference = (function.stable - function.expr).rewrite(sp.exp)
    assert sp.simplify(difference) == 0


def test_another_stable_formula_would_be_seen() -> None:
    wrong = Elementwise("wrong", sigmoid.expr, stable=(1 + sp.tanh(Z)) / 2)
    assert sp.simplify((wrong.stable - wrong.expr).rewrite(sp.exp)) != 0


@pytest.mark.parametrize("xp", [np, anp], ids=["numpy", "autograd"])
@EVERY
def test_numbers_in_both_namespaces(function: Elementwise, xp: object) -> None:
    points = np.array([[0.5, 1.25], [2.0, 3.5]])
    if function not in (log, reciprocal):
        points = np.concatenate([points, -points])
    for f in (function, function.derivative):
        found = f.numeric(xp)(points)
        wanted = np.vectorize(lambda z, f=f: float(f.expr.subs(Z, sp.Rational(z)).evalf(30)))(points)
        assert found.shape == points.shape
        # 1 − tanh² and 1 + tanh cancel: a few roundings of the one, seen at the size of what is left
        assert np.all(np.abs(found - wanted) <= 1e-13 * np.abs(wanted))


@pytest.mark.parametrize("function", ACTIVATIONS.values(), ids=ACTIVATIONS)
def test_activations_do_not_overflow(function: Elementwise) -> None:
    with np.errstate(all="raise", under="ignore"):
        found = function.numeric(np)(np.array([-1e3, 1e3]))
    assert np.all(np.isfinite(found))


@pytest.mark.parametrize("xp", [np, anp], ids=["numpy", "autograd"])
def test_the_slope_of_relu_at_zero_is_zero(xp: object) -> None:
    assert relu.slope.subs(Z, 0) == 0
    assert relu.derivative.numeric(xp)(np.array([[0.0, -0.0, 1e-300, -1e-300]])).tolist() == [[0, 0, 1, 0]]


def test_autograd_follows_a_function_with_branches() -> None:
    from autograd import grad

    assert [grad(lambda z: relu.numeric(anp)(z))(z) for z in (-1.0, 2.0)] == [0.0, 1.0]


@pytest.mark.parametrize(
    ("function", "gamma"),
    [
        (tanh, 1),
        (sigmoid, sp.Rational(1, 4)),
        (relu, 1),
        (identity, 1),
        (leaky, 1),
        (exp, None),
        (softplus, None),
        (reciprocal, None),
        (Elementwise("coth", sp.coth(Z)), None),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_steepest_slope(function: Elementwise, gamma: sp.Expr | None) -> None:
    assert function.steepest == gamma


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(ALL)), st.floats(-30, 30))
def test_no_slope_is_steeper_than_the_steepest(name: str, z: float) -> None:
    function = ALL[name]
    if function.steepest is not None:
        assert abs(function.derivative.numeric(np)(np.float64(z))) <= float(function.steepest) * (1 + 1e-15)


def test_kinks() -> None:
    hinge = Elementwise("hinge", sp.Piecewise((Z - 1, Z > 1), (0, True)))
    places = [[float(kink.subs(Z, 0)) for kink in f.kinks] for f in (relu, leaky, hinge)]
    assert places == [[0.0], [0.0], [1.0]]
    assert tanh.kinks == sigmoid.kinks == identity.kinks == ()


def test_a_derivative_goes_by_its_own_name() -> None:
    assert log.derivative is reciprocal or log.derivative == reciprocal
    assert exp.derivative == exp
    assert tanh.derivative.name == "tanh'"
    assert sp.simplify(tanh.derivative.expr - (1 - sp.tanh(Z) ** 2)) == 0
