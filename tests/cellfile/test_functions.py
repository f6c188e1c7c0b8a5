"""The user's own functions: f and f′ in NumPy and autograd, corners where they are, and what other tools say."""

from __future__ import annotations

import time
import warnings

import autograd.numpy as anp
import numpy as np
import pytest
import sympy as sp
from autograd import elementwise_grad

from derive.cellfile.writer import cell_toml
from derive.functions import Elementwise, Z, relu
from derive.nonlinear import Map
from tests.cellfile.reading import changed, function, read

SMOOTH = {
    "softplus": "log(1 + exp(z))",
    "swish": "z * sigmoid(z)",
    "gelu": "0.5 * z * (1 + tanh(sqrt(2 / pi) * (z + 0.044715 * z**3)))",
    "gauss": "exp(-z**2)",
    "gudermann": "atan(sinh(z))",
    "binary": "2**z - 1",
    "waves": "sin(z) + cos(2 * z) / 3",
    "root": "z / sqrt(1 + z**2)",
    "catenary": "log(cosh(z))",
    "e": "z * exp(1) + E",
}
CORNERS: dict[str, tuple[str, list[sp.Rational]]] = {
    "softsign": ("z / (1 + abs(z))", [sp.Integer(0)]),
    "leaky": ("max(z, 0.1 * z)", [sp.Integer(0)]),
    "ramp": ("Max(0, z)", [sp.Integer(0)]),
    "shifted": ("abs(1 - 2 * z)", [sp.Rational(1, 2)]),
    "root of a square": ("sqrt(z**2)", [sp.Integer(0)]),
    "capped": ("min(z, 1)", [sp.Integer(1)]),
    "hard tanh": ("Piecewise((-1, z < -1), (1, z > 1), (z, True))", [sp.Integer(-1), sp.Integer(1)]),
    "hard sigmoid": ("Piecewise((0, -3 > z), (1, z/3 >= 1), (z/6 + 1/2, True))", [sp.Integer(-3), sp.Integer(3)]),
    "elu": ("Piecewise((z, z > 0), (exp(z) - 1, True))", [sp.Integer(0)]),
    "shrink": ("relu(z - 1) - relu(-z - 1)", [sp.Integer(-1), sp.Integer(1)]),
    "overlapping": ("Piecewise((z, z > 2), (0, z < 5), (z, True))", [sp.Integer(2)]),
}  # fmt: skip
ALL = {**SMOOTH, **{name: formula for name, (formula, _) in CORNERS.items()}}
POINTS = np.array([-4.0, -2.5, -0.75, -0.1, 0.25, 0.75, 2.5, 4.0])


def own(formula: str) -> Elementwise:
    node = read(function(formula)).equations[-1].expression
    assert isinstance(node, Map)
    return node.function


@pytest.mark.parametrize("name", ALL)
def test_the_slope_is_what_autograd_finds(name: str) -> None:
    f = own(ALL[name])
    for xp in (np, anp):
        np.testing.assert_allclose(
            f.derivative.numeric(xp)(POINTS), elementwise_grad(f.numeric(anp))(POINTS), rtol=1e-10, atol=1e-15
        )


@pytest.mark.parametrize("name", SMOOTH)
def test_a_smooth_function_takes_a_complex_step(name: str) -> None:
    f = own(SMOOTH[name])
    found = np.imag(f.numeric(np)(POINTS + 1e-20j)) / 1e-20
    np.testing.assert_allclose(found, f.derivative.numeric(np)(POINTS), rtol=1e-10)
    assert f.kinks == ()


@pytest.mark.parametrize("name", CORNERS)
def test_corners_are_found(name: str) -> None:
    formula, corners = CORNERS[name]
    assert [kink.subs(Z, 0) for kink in own(formula).kinks] == corners


def test_at_a_corner_the_conventions_of_pytorch_hold() -> None:
    slopes = {formula: float(own(formula).derivative.numeric(np)(np.zeros(1))[0])
              for formula in ("abs(z)", "max(z, 0)", "max(0, z)", "relu(z)", "z / (1 + abs(z))")}  # fmt: skip
    assert slopes == {"abs(z)": 0, "max(z, 0)": 0, "max(0, z)": 0, "relu(z)": 0, "z / (1 + abs(z))": 1}


@pytest.mark.parametrize("name", ALL)
def test_a_function_is_printed_and_read_back(name: str) -> None:
    cell = read(function(ALL[name]))
    assert read(cell_toml(cell)) == cell


def test_a_known_function_in_other_words_stays_the_known_one() -> None:
    cell = read(changed("bend(z)", "relu(z)", function("z")).replace('bend = "z"', 'relu = "max(z, 0)"'))
    node = cell.equations[-1].expression
    assert isinstance(node, Map) and node.function is relu


@pytest.mark.parametrize("name", SMOOTH)
def test_large_arguments_do_not_stop_anything(name: str) -> None:
    """A sigmoid of the user's is the stable one."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("error")
        found = own(SMOOTH[name]).derivative.numeric(np)(np.array([-500.0, 500.0]))
    assert np.all(np.isfinite(found)) or name in ("binary", "catenary", "gudermann")


LARGE = (
    "(1 + (1 + z)**50)**50",
    "exp(1e9 * z) + exp(z)",
    "1 / (1 + exp(-z))**40",
    "64 / pi - tanh(z)",
    "z**2 / (z + E)",
    "(cos(-1) / (0.5 / z - 1 / z - 2.5))**2",
    "sinh((sqrt(relu(z)) / (1 + sigmoid(z)))**64)",
)


@pytest.mark.parametrize("formula", LARGE)
def test_questions_about_an_involved_formula_are_answered_in_time(formula: str) -> None:
    """SymPy alone would take minutes, or stop with an exception."""
    f, start = own(formula), time.process_time()
    assert f.output_form is None and f.steepest is None
    assert time.process_time() - start < 5
