"""The values and slopes of functions as free elements: the same function of the same argument has one value."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Final

import sympy as sp

from derive.functions import Elementwise, Y, exp, reciprocal
from verify.jets.field import Element, Field


class MinusInfinity:
    """−∞, which masks an entry of a score: whatever is added, it stays; exp(−∞) = 0, and nothing else is known."""

    def __add__(self, other: object) -> MinusInfinity:
        return self

    __radd__ = __add__


MINUS_INFINITY: Final = MinusInfinity()
_ZERO, _ONE = sp.Integer(0), sp.Integer(1)


class Free:
    """What is known of the functions of a model, and a free element for all else.

    * 1/z is what it is: a derivation cancels it against z.  exp(−∞) = 0 and exp(0) = 1, for masks.
    * Any other f(z) is drawn when it is first asked for.
    * f′(z) is a polynomial of f(z) where that is proven of f (``Elementwise.output_form``), so tanh′ = 1 − tanh² and
      exp′ = exp; else it is another function of z, named f′ (``Elementwise.derivative``), so log′(z) = 1/z.  That this
      is the derivative of f is SymPy's scalar calculus, and is taken from it.
    """

    def __init__(self, field: Field) -> None:
        self.field = field
        self.values: dict[tuple[Elementwise, Element], Element] = {}
        self.asked: Counter[Elementwise] = Counter()

    def value(self, function: Elementwise, z: Element) -> Element:
        """f(z).  Raises ZeroDivisionError for 1/0."""
        if function == reciprocal:
            return self.field.number(_ONE) / z
        if function == exp and z is MINUS_INFINITY:
            return self.field.number(_ZERO)
        self.asked[function] += 1
        if function == exp and z == 0:
            return self.field.number(_ONE)
        key = function, z
        if key not in self.values:
            self.values[key] = self.field.draw()
        return self.values[key]

    def slope(self, function: Elementwise, z: Element) -> Element:
        """f′(z)."""
        found = _slope(function)
        if isinstance(found, Elementwise):
            return self.value(found, z)
        coefficients = [self.field.number(coefficient) for coefficient in found]
        total, y = coefficients[0], self.value(function, z) if len(found) > 1 else None
        for coefficient in coefficients[1:]:
            total = total * y + coefficient
        return total


@lru_cache(maxsize=256)
def _slope(function: Elementwise) -> Elementwise | tuple[sp.Rational, ...]:
    """f′ as the coefficients of a polynomial in f, from the highest, or as a function of its own."""
    if function.slope.is_number:
        return (function.slope,)
    form = function.output_form
    return function.derivative if form is None else tuple(sp.Poly(form, Y).all_coeffs())
