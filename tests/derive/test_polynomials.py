"""Sparse polynomials against SymPy's, and named functions against the same expression written out."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.arithmetic import Symbolic
from derive.explicit import Explicit, sizes_for
from derive.functions import exp, log, relu, sigmoid, tanh
from derive.named import Named
from derive.rational import Polynomials, terms
from derive.sparse import (
    Polynomial,
    by_degree,
    constant,
    difference,
    divided,
    power,
    product,
    total,
    variable,
)
from tests.derive.models import Names, model

X = sp.symbols("x0:4", real=True)
NUMBERS = st.sampled_from([-3, -1, 1, 2, sp.Rational(1, 2), sp.Rational(-2, 3)])
POLYNOMIALS = st.lists(st.tuples(NUMBERS, st.tuples(*[st.integers(0, 2)] * 4)), min_size=0, max_size=4).map(
    lambda found: sp.Add(*(c * sp.Mul(*(x**e for x, e in zip(X, powers, strict=True))) for c, powers in found))
)


def sparse(expr: sp.Expr) -> Polynomial:
    poly = sp.Poly(expr, *X)
    return total(
        product([constant(c), *(power(variable(place), e) for place, e in enumerate(powers))])
        for powers, c in poly.terms()
    )


@settings(deadline=None, max_examples=80)
@given(POLYNOMIALS, POLYNOMIALS, st.integers(0, 3))
def test_sums_products_and_powers_are_those_of_sympy(a: sp.Expr, b: sp.Expr, n: int) -> None:
    assert total([sparse(a), sparse(b)]) == sparse(sp.expand(a + b))
    assert product([sparse(a), sparse(b)]) == sparse(sp.expand(a * b))
    assert difference(sparse(a), sparse(b)) == sparse(sp.expand(a - b))
    assert power(sparse(a), n) == sparse(sp.expand(a**n))
    assert (difference(sparse(a), sparse(b)) == {}) == (sp.expand(a - b) == 0)


@settings(deadline=None, max_examples=60)
@given(POLYNOMIALS)
def test_degrees_in_one_variable(a: sp.Expr) -> None:
    for place, x in enumerate(X):
        parts = by_degree(sparse(a), place)
        wanted = sp.Poly(a, x).all_coeffs()[::-1] if a != 0 else []
        assert parts == {degree: sparse(c) for degree, c in enumerate(wanted) if c != 0}


@settings(deadline=None, max_examples=80)
@given(POLYNOMIALS, POLYNOMIALS.filter(lambda p: len(sp.Add.make_args(sp.expand(p))) > 1), POLYNOMIALS)
def test_dividing_keeps_the_rational_function(p: sp.Expr, d: sp.Expr, rest: sp.Expr) -> None:
    """r = 1/d in place 4: (p d) r + rest r² becomes another polynomial with the same value."""
    r = variable(4)
    before = total([product([sparse(p * d), r]), product([sparse(rest), r, r])])
    after = divided(before, 4, sparse(d))
    at = dict(zip(X, map(sp.Rational, (3, -5, 7, 11)), strict=True))
    number = d.xreplace(at)
    if number == 0:
        return
    values = dict(enumerate([*at.values(), 1 / number]))

    def value(polynomial: Polynomial) -> sp.Expr:
        whole = sp.Integer(0)
        for monomial, c in polynomial.items():
            term = sp.Rational(c.numerator, c.denominator)
            for place, base in values.items():
                term *= base ** ((monomial >> (16 * place)) & 0xFFFF)
            whole += term
        return whole

    assert value(before) == value(after) == (p * d / number + rest / number**2).xreplace(at)
    assert rest != 0 or not any(degree for degree in by_degree(after, 4)), "what divides leaves no denominator"


def test_an_exponent_that_runs_over_is_an_error_and_not_another_variable() -> None:
    x = variable(0)
    for _ in range(13):
        x = product([x, x])
    with pytest.raises(OverflowError, match="exponent"):
        product([x, x])


@settings(deadline=None, max_examples=60)
@given(POLYNOMIALS, POLYNOMIALS, POLYNOMIALS)
def test_the_bound_on_terms_is_one(a: sp.Expr, b: sp.Expr, c: sp.Expr) -> None:
    whole = (a + b) * c + (a - c) ** 2
    assert terms(whole, {}) >= len(Polynomials().read(whole))


# --- named functions


@pytest.mark.parametrize("function", [tanh, sigmoid, exp, relu, log], ids=lambda f: f.name)
def test_a_named_function_changes_as_the_function_itself(function: object) -> None:
    """The derivative by SymPy through the name, beside that of the expression written out, as numbers."""
    x, y = sp.symbols("x y", positive=True)
    for arithmetic in (Named(), Symbolic()):
        inside = np.array([[x * y + 2 * x + 1]], dtype=object)
        once = arithmetic.map(function, inside)  # type: ignore[arg-type]
        twice = arithmetic.map(function, x * once)[0, 0]  # type: ignore[arg-type]
        found = [sp.diff(twice, s) for s in (x, y)]
        if isinstance(arithmetic, Named):
            at = {x: sp.Float("0.7", 30), y: sp.Float("0.3", 30)}
            at |= {region: sp.Float(1) for region in arithmetic.regions.values()}
            named = [float(arithmetic.number(d, at, 30)) for d in found]
            assert len(arithmetic.names) == {relu: 0, log: 3}.get(function, 2)
        else:
            regions = {region: sp.Float(1) for region in arithmetic.regions.values()}
            plain = [float(d.xreplace({x: sp.Float("0.7", 30), y: sp.Float("0.3", 30), **regions})) for d in found]
    assert named == pytest.approx(plain, rel=1e-13) and all(named)


@pytest.mark.parametrize(
    "names",
    [Names(), Names(loss="softmax_cross_entropy"), Names("gru"), Names(loss="binary_cross_entropy", feedback=True)],
    ids=str,
)
def test_a_named_loss_has_the_gradient_of_the_loss_written_out(names: Names) -> None:
    steps = 1 if names.cell == "gru" else 2
    named, plain = (Explicit(model(names), sizes_for(model(names), steps), own) for own in (Named(), Symbolic()))
    point = {s: sp.Float((place % 7 + 2) / 10) for place, s in enumerate(sorted(_symbols(named), key=str))}
    assert isinstance(named.arithmetic, Named)
    for w in list(named.sources())[:3]:
        ours = [float(named.arithmetic.number(entry, point, 30)) for entry in named.gradient(w).ravel()]
        theirs = [float(entry.xreplace(_renamed(plain, point))) for entry in plain.gradient(w).ravel()]
        assert ours == pytest.approx(theirs, rel=1e-10) and any(ours)


def _symbols(explicit: Explicit) -> list[sp.Symbol]:
    assert explicit.table
    return list(explicit.origin)


def _renamed(explicit: Explicit, point: dict[sp.Symbol, sp.Float]) -> dict[sp.Symbol, sp.Float]:
    by_name = {symbol.name: number for symbol, number in point.items()}
    return {symbol: by_name[symbol.name] for symbol in _symbols(explicit)}


def test_a_function_of_one_argument_has_one_name() -> None:
    x = sp.Symbol("x", real=True)
    named = Named()
    first, second = (named.map(tanh, np.array([[x]], dtype=object))[0, 0] for _ in range(2))
    other = named.map(sigmoid, np.array([[x]], dtype=object))[0, 0]
    assert first == second != other and len(named.names) == 2
    assert x in first.free_symbols and sp.diff(first, sp.Symbol("y")) == 0
    slope = Polynomials()
    assert slope.equal(sp.diff(first, x), 1 - first**2) and not slope.equal(sp.diff(first, x), 1 - first)
    assert slope.equal(sp.diff(other, x), other - other**2)
