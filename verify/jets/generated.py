"""The generated code on free jets: the same program that runs on floats, as an identity of rational functions.

Generated code has no sigmoid and no softplus, but ``tanh``, ``exp`` and ``log``, in which a function's formula is
written.  So these are what is free here, and forward mode goes through the same formulas: an identity then holds for
every function in the place of tanh whose slope is 1 − tanh², and so on (``verify.jets.free``).  exp(a − b) is
exp(a)/exp(b), since code shifts an exponential where exact numbers need not.  A condition such as z > 0 is a free
choice, the same one for the same z; only functions whose other branches are zero are admitted, so that the bounds of
the first branch are bounds of both.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache, partial, reduce
from operator import add, mul
from typing import Any

import numpy as np
import sympy as sp

from derive.compiled.exact import InexactError
from derive.errors import BpttError
from derive.explicit import sizes_for
from derive.functions import Elementwise, Y, Z, exp, reciprocal
from derive.model import Model
from derive.nonlinear import Map
from verify.generated.code import FORM, Code
from verify.generated.elsewhere import gradient_on
from verify.generated.entry import UnwrittenError, named
from verify.jets.arithmetic import Plain
from verify.jets.claims import Compared, Point, of_sources
from verify.jets.degrees import Bound
from verify.jets.dual import Dual, Jet
from verify.jets.field import Element, Modular, random_prime
from verify.jets.free import MINUS_INFINITY, Free
from verify.jets.point import nodes

_ONE, _MINUS_ONE = sp.Integer(1), sp.Integer(-1)
_BITS = 128


class Formulas(Free):
    """Functions by the formulas that code is generated from; what is free are tanh, exp and the like."""

    def __init__(self, free: Free) -> None:
        self.free, self.field = free, free.field
        self.values, self.asked = free.values, free.asked
        self.chosen: dict[Element, bool] = {}

    def value(self, function: Elementwise, z: Element) -> Element:
        """f(z).  Raises InexactError for a formula that cannot be evaluated so."""
        if z is MINUS_INFINITY:
            return self.free.value(function, z)
        return self._evaluated(function.stable, z, Plain(self.free))

    def slope(self, function: Elementwise, z: Element) -> Element:
        """f′(z), by forward mode through the formula."""
        one, zero = (self.field.number(sp.Integer(number)) for number in (1, 0))
        found = self._evaluated(function.stable, Jet(z, np.array([one], dtype=object)), Dual(self.free))
        return zero if found.slopes is None else found.slopes[0]

    def exceeds(self, left: Element, right: Element, strictly: bool) -> bool:
        """A free choice, the opposite one for the opposite difference; of bounds, always yes."""
        if left is MINUS_INFINITY or right is MINUS_INFINITY:
            return right is MINUS_INFINITY
        if isinstance(left, Bound):
            return True
        difference = left + self.field.number(_MINUS_ONE) * right
        if difference == 0:
            return not strictly
        if difference not in self.chosen:
            self.chosen[difference] = choice = bool(int(self.field.draw()) & 1)
            self.chosen[difference * self.field.number(_MINUS_ONE)] = not choice
        return self.chosen[difference]

    def _evaluated(self, expr: sp.Expr, z: Any, numbers: Plain) -> Any:
        """A formula in z of elements, or of jets."""
        again = partial(self._evaluated, z=z, numbers=numbers)
        if expr.is_Rational:
            return numbers.scalar(expr)
        if expr == Z:
            return z
        if isinstance(expr, sp.Add | sp.Mul):
            return reduce(add if isinstance(expr, sp.Add) else mul, map(again, expr.args))
        if isinstance(expr, sp.Pow) and expr.exp.is_Integer:
            power = reduce(mul, [again(expr.base)] * abs(int(expr.exp)))
            return numbers.apply(reciprocal, power) if expr.exp < 0 else power
        if isinstance(expr, sp.Piecewise):
            (first, condition), *_ = expr.args
            return again(first) if self._holds(condition, z) else numbers.scalar(sp.Integer(0))
        return numbers.apply(_primitive(expr), again(expr.args[0]))

    def _holds(self, condition: sp.Basic, z: Any) -> bool:
        value = z.value if isinstance(z, Jet) else z
        left, right = (self._evaluated(side, value, Plain(self.free)) for side in (condition.gts, condition.lts))
        return self.exceeds(left, right, strictly=isinstance(condition, sp.Gt | sp.Lt))


@lru_cache(maxsize=256)
def _primitive(expr: sp.Expr) -> Elementwise:
    if len(expr.args) != 1 or not isinstance(expr, sp.Function | sp.exp) or isinstance(expr, sp.Abs):
        raise InexactError(f"{expr} is no rational function of z, tanh, exp and the like")
    if isinstance(expr, sp.exp) and isinstance(expr.args[0], sp.Add):
        raise InexactError(f"{expr} is written in exponentials of both parts")
    return Elementwise(type(expr).__name__, expr.func(Z))


class GeneratedElements:
    """``verify.generated.entry.Numbers``, in the functions of a point."""

    def __init__(self, formulas: Formulas) -> None:
        self.formulas, self.exceeds = formulas, formulas.exceeds

    def number(self, value: Fraction) -> Element:
        return self.formulas.field.number(sp.Rational(value.numerator, value.denominator))

    def apply(self, name: str, z: Element) -> Element:
        return self.formulas.free.value(Elementwise(*_as_written(name)), z)

    def exponential(self, above: Element, below: Element) -> Element:
        return self.formulas.free.value(exp, above) / self.formulas.free.value(exp, below)


def _as_written(name: str) -> tuple[str, sp.Expr]:
    formula = named(name).expr
    return type(formula).__name__, formula


def of_code(point: Point, code: Code) -> Iterator[Compared]:
    """The gradient of every parameter by the code.  Raises InexactError where it has other numbers in it."""
    formulas = Formulas(point.free)
    own = Point(point.model, point.sizes, formulas, point.directions)
    found = gradient_on(code, own.given, own.sizes, GeneratedElements(formulas))
    yield from of_sources(own, found, FORM)


def obstacle(code: Code, model: Model) -> BpttError | None:
    """Why nothing can be said of the code in this way; None where something can."""
    formulas = Formulas(Free(Modular(random_prime(_BITS))))
    try:
        for function in {node.function for node in nodes(model) if isinstance(node, Map)}:
            if not _admitted(function):
                return InexactError(f"{function.name} has branches of which more than one is not zero")
            if not _is_consistent(function, formulas):
                return InexactError(f"{function.name} and its slope are written in functions that no fraction relates")
        list(of_code(Point(model, sizes_for(model, 2), formulas.free), code))
    except (InexactError, UnwrittenError) as error:
        return error
    except ZeroDivisionError:
        pass  # at another point
    return None


def _admitted(function: Elementwise) -> bool:
    """Whether all branches but the first are zero, of the function and of its slope."""
    pieces = function.stable.atoms(sp.Piecewise) | function.slope.atoms(sp.Piecewise)
    return all(
        isinstance(piece.args[0][1], sp.Gt | sp.Ge | sp.Lt | sp.Le) and all(branch == 0 for branch, _ in piece.args[1:])
        for piece in pieces
    )


def _is_consistent(function: Elementwise, formulas: Formulas) -> bool:
    """Whether f′ as derivations write it is the slope of the formula of f."""
    z = formulas.field.draw()
    form = function.output_form
    if form is None:
        return bool(formulas.value(function.derivative, z) == formulas.slope(function, z))
    total, y = formulas.field.number(sp.Integer(0)), formulas.value(function, z)
    for coefficient in sp.Poly(form, Y).all_coeffs():
        total = total * y + formulas.field.number(coefficient)
    return bool(total == formulas.slope(function, z))
