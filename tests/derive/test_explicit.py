"""Plain SymPy, entry by entry: its gradient is ours, and equality is decided as an identity of polynomials."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from derive.explicit import Explicit, small_sizes
from derive.functions import relu
from derive.rational import Polynomials
from derive.run import name_of
from tests.derive.models import Names, model

x, y, z = sp.symbols("x y z", real=True)
f, g = sp.tanh(x + y), sp.exp(x)

EQUAL = {
    "the same": (f, f),
    "expanded": ((x + y) ** 3, x**3 + 3 * x**2 * y + 3 * x * y**2 + y**3),
    "of a function": ((1 - f) * (1 + f), 1 - f**2),
    "numbers": (sp.Rational(1, 3) + sp.Rational(1, 6), sp.Rational(1, 2)),
    "a common denominator": (1 / x + 1 / y, (x + y) / (x * y)),
    "a denominator that cancels": ((x**2 - y**2) / (x + y), x - y),
    "a squared denominator": (1 / (x + y) ** 2, 1 / (x**2 + 2 * x * y + y**2)),
    "softmax sums to one": (g / (g + sp.exp(y)) + sp.exp(y) / (g + sp.exp(y)), sp.Integer(1)),
    "one minus softmax": (1 - g / (g + f), f / (g + f)),
    "a slope": (f / (g + f) - f**2 / (g + f) ** 2, g * f / (g + f) ** 2),
    "nested functions": (sp.tanh(f) ** 2 - 1, (sp.tanh(f) - 1) * (sp.tanh(f) + 1)),
}
UNEQUAL = {
    "a sign": (f, -f),
    "a factor": (2 * f, f),
    "another argument": (f, sp.tanh(x - y)),
    "another function": (sp.tanh(x), sp.exp(x)),
    "a number": (sp.Rational(1, 3), sp.Rational(333333333, 1000000000)),
    "a trace": (f, f + x / 10**12),
    "a denominator": (1 / (x + y), 1 / (x - y)),
    "a power of a denominator": (1 / (x + y), 1 / (x + y) ** 2),
    "a common denominator": (1 / x + 1 / y, 2 / (x + y)),
    "softmax of another entry": (g / (g + f), f / (g + f)),
    "a slope": (g / (g + f) - g**2 / (g + f) ** 2, g**2 / (g + f) ** 2),
    "zero": (f - f**2, sp.Integer(0)),
}


@pytest.mark.parametrize("name", EQUAL)
def test_equal_expressions_are_found_equal(name: str) -> None:
    left, right = EQUAL[name]
    assert Polynomials().equal(left, right) and Polynomials().equal(right, left)


@pytest.mark.parametrize("name", UNEQUAL)
def test_different_expressions_are_not(name: str) -> None:
    left, right = UNEQUAL[name]
    at = {x: sp.Rational(3, 7), y: sp.Rational(2, 5)}
    assert (left - right).subs(at).evalf(40) != 0, "the two of this test are equal"
    assert not Polynomials().equal(left, right) and not Polynomials().equal(right, left)


def test_what_one_comparison_has_named_does_not_disturb_the_next() -> None:
    one = Polynomials()
    for _ in range(2):
        assert all(one.equal(*pair) for pair in EQUAL.values())
        assert not any(one.equal(*pair) for pair in UNEQUAL.values())


def test_a_reciprocal_inside_a_denominator() -> None:
    assert Polynomials().equal(1 / (1 + 1 / x), x / (x + 1))


def test_a_square_of_an_exponential_is_a_square() -> None:
    assert Polynomials().equal(g / (g + f) - g**2 / (g + f) ** 2, g * f / (g + f) ** 2)


def test_a_symbol_knows_where_it_comes_from() -> None:
    explicit = Explicit(model(Names()), small_sizes(1))
    assert explicit.loss.free_symbols <= set(explicit.origin)
    for symbol, (variable, row, col) in explicit.origin.items():
        assert symbol.name.startswith(name_of(variable)) and str(row) in symbol.name and row >= 1 and col >= 1


def test_targets_on_the_simplex_sum_to_one() -> None:
    names = Names(loss="softmax_cross_entropy")
    explicit = Explicit(model(names), small_sizes(2, outputs=3))
    for step in (1, 2):
        assert sp.expand(explicit.given["y", "target", step].sum()) == 1


def test_a_branch_is_one_symbol_for_the_value_and_the_slope() -> None:
    from derive.arithmetic import Symbolic

    symbolic = Symbolic()
    entries = np.array([[x - y]], dtype=object)
    value, slope = symbolic.map(relu, entries)[0, 0], symbolic.map(relu.derivative, entries)[0, 0]
    assert len(symbolic.regions) == 1
    assert sp.expand(value - slope * (x - y)) == 0
