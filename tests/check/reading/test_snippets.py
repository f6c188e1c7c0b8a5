"""The textbook dialect, formula by formula."""

from __future__ import annotations

import pytest

from tests.check.reading.shorthand import tree
from tests.check.reading.snippets import PLAIN, READINGS
from verify.check.reading.readings import readings
from verify.check.reading.tree import (
    Applied,
    Derivative,
    Evaluated,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Relation,
    Sum,
    Times,
)
from verify.check.reading.unparse import latex, unparse

t, i, j = Name("t"), Name("i"), Name("j")


def test_table_is_large() -> None:
    assert len(PLAIN) >= 120


@pytest.mark.parametrize("formula", PLAIN)
def test_plain(formula: str) -> None:
    assert unparse(tree(formula)) == PLAIN[formula]


@pytest.mark.parametrize("formula", PLAIN | READINGS)
def test_round_trip(formula: str) -> None:
    found = tree(formula)
    assert tree(latex(found)) == found


@pytest.mark.parametrize("formula", READINGS)
def test_readings(formula: str) -> None:
    assert tuple(map(unparse, readings(tree(formula)))) == READINGS[formula]


@pytest.mark.parametrize("formula", READINGS)
def test_readings_are_unambiguous(formula: str) -> None:
    for reading in readings(tree(formula)):
        assert readings(reading) == (reading,)


def test_trees() -> None:
    """A few in full: plain text cannot tell everything apart."""
    minus = Negative(Number("1"))
    c, b = Name("c", (j,)), Name("b", (i,))
    product = Product(j, i, t, Times((c, b), ("",)), "open")
    assert tree(r"\prod_{j=i}^t c_j b_i") == product
    assert tree(r"\sum_{i<t} b_i") == Sum(i, None, tree("t-1"), b)
    assert tree(r"\frac{dL}{dw}") == Derivative(Name("L"), Name("w"), total=True)
    assert tree(r"\partial_w L") == Derivative(Name("L"), Name("w"), form="subscript")
    assert tree(r"\mathbf{W}_{hh}'") == Name("W", (Name("hh"),), primes=1, font="mathbf")
    assert tree(r"\bar{u}_{f,t}^{(2)}") == Name("u", (Name("f"), t), Number("2"), accent="bar")
    assert tree("x^{-1}").exponent == minus  # type: ignore[attr-defined]
    assert tree("f'(z)") == Applied(Name("f", primes=1), (Name("z"),))
    assert tree("f'(z)").primes == 1  # type: ignore[attr-defined]
    assert tree(r"f \Big|_{h=0}") == Evaluated(Name("f"), (Relation(Name("h"), "=", Number("0")),))
    assert tree("1/T") == tree(r"\frac1T") == Quotient(Number("1"), Name("T"))
    assert tree(r"\delta") == Name("δ") != tree(r"\mathrm{delta}")
    assert Number("0.25").value == Number("1").value / 4


@pytest.mark.parametrize(
    "same",
    [
        (r"\role{local}{a + b} c", "a + b c"),  # braces are invisible in print
        (r"\mathrm{ih}", r"\mathrm{i h}"),
        (r"\left( a \right)", "a"),
        (r"x^{'}", "x'"),
        (r"\cdots", r"\ldots"),
        (r"\bigl[ a + b \bigr] c", "(a + b) c"),
    ],
)
def test_written_differently(same: tuple[str, str]) -> None:
    assert tree(same[0]) == tree(same[1])


@pytest.mark.parametrize(
    "different",
    [
        ("a b", r"a \odot b"),
        (r"a \circ b", r"a \odot b"),
        (r"\frac{\partial L}{\partial w}", r"\frac{dL}{dw}"),
        (r"\phi(x)", r"\varphi(x)"),
        ("W_{hh}", "W_{h,h}"),
        (r"\mathcal{L}", "L"),
        ("x^{(2)}", "x^2"),
        (r"\prod_j c_j b", r"\prod_j (c_j b)"),
        ("(a + b) + c", "a + b + c"),
        ("f(x)", r"f \, (x)"),
    ],
)
def test_kept_apart(different: tuple[str, str]) -> None:
    assert tree(different[0]) != tree(different[1])
