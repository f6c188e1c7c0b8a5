"""Elementwise functions.  SymPy owns the scalar calculus: f′ is computed, never typed in.

Backpropagation is cheap because f′(z) can often be read off the output y = f(z): tanh′ = 1 − y².  ``output_form``
finds such a polynomial and *proves* it, in exact arithmetic, or says that there is none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import sympy as sp
from sympy.core.symbol import Str
from sympy.printing.numpy import NumPyPrinter

Z = sp.Symbol("z", real=True)
Y = sp.Symbol("y", real=True)
_E = sp.Symbol("E", positive=True)
_HIGHEST_DEGREE = 2
_LARGEST_DEGREE = 100


class Elementwise(sp.Basic):
    """A scalar function f(z), applied to every entry.

    ``stable``, where given, is another formula of the same function that floating point evaluates without overflow
    (a test proves the two equal).
    """

    stable: sp.Expr

    def __new__(cls, name: str | Str, expr: sp.Expr, stable: sp.Expr | None = None) -> Elementwise:
        name = name if isinstance(name, Str) else Str(name)
        function: Elementwise = sp.Basic.__new__(cls, name, expr)
        function.stable = expr if stable is None else stable
        return function

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def expr(self) -> sp.Expr:
        return self.args[1]

    @property
    def slope(self) -> sp.Expr:
        """f′(z), by SymPy.  At a corner a ``Piecewise`` function takes the side that its last branch names."""
        return _slope(self)

    @property
    def derivative(self) -> Elementwise:
        """f′ as an elementwise function of z: under its own name when it has one (log′ is 1/z), else called f′."""
        return _derivative(self)

    @property
    def output_form(self) -> sp.Expr | None:
        """f′(z) as a polynomial in y = f(z), proven; None when there is none of low degree."""
        return _output_form(self)

    @property
    def steepest(self) -> sp.Expr | None:
        """γ = sup |f′|, or None where this cannot tell."""
        return _steepest(self)

    @property
    def kinks(self) -> tuple[sp.Expr, ...]:
        """The points z where f is not differentiable, as far as its branches tell."""
        conditions = [c for piece in self.expr.atoms(sp.Piecewise) for _, c in piece.args if c not in (True, sp.true)]
        return tuple(sorted({c.rhs - c.lhs + Z for c in conditions}, key=sp.default_sort_key))

    def numeric(self, xp: Any) -> Callable[[Any], Any]:
        """f as a function of arrays of the NumPy-like namespace ``xp`` (numpy, autograd.numpy)."""
        return _lambdified(self, self.stable, xp)

    def symbolic(self, entry: sp.Expr) -> sp.Expr:
        """f of one SymPy scalar."""
        return self.expr.xreplace({Z: entry})


@lru_cache(maxsize=256)
def _slope(function: Elementwise) -> sp.Expr:
    return sp.diff(function.expr, Z)


@lru_cache(maxsize=256)
def _derivative(function: Elementwise) -> Elementwise:
    slope = function.slope
    return next((f for f in _NAMED if f.expr == slope), None) or Elementwise(function.name + "'", slope)


@lru_cache(maxsize=256)
def _lambdified(function: Elementwise, formula: sp.Expr, xp: Any) -> Callable[[Any], Any]:
    def select(conditions: list[Any], values: list[Any], default: Any = 0.0) -> Any:
        """``numpy.select`` by ``where``, the one form that autograd can follow."""
        result = default
        for condition, branch in zip(reversed(conditions), reversed(values), strict=True):
            result = xp.where(condition, branch, result)
        return result

    printer = NumPyPrinter({"fully_qualified_modules": False, "inline": True})
    compiled = sp.lambdify(Z, formula, modules=[{"select": select}, xp], printer=printer)
    constant = not formula.has(Z)
    return lambda z: compiled(z) + 0 * z if constant else compiled(z)


def _as_rational(expr: sp.Expr) -> sp.Expr | None:
    """``expr`` as a rational function of E, where E stands for z or for one exponential of it."""
    if expr.is_rational_function(Z):
        return expr.xreplace({Z: _E})
    if expr.atoms(sp.Function) - expr.atoms(sp.exp, sp.tanh, sp.sinh, sp.cosh) or not _whole_powers(expr):
        return None
    expr = expr.rewrite((sp.tanh, sp.sinh, sp.cosh), sp.exp)
    rates = [sp.diff(e.exp, Z) for e in expr.atoms(sp.exp)]
    if not rates or not all(rate.is_Rational for rate in rates):
        return None
    unit = sp.gcd_list(rates)
    expr = expr.xreplace({sp.exp(rate * Z): _E ** (rate / unit) for rate in rates})  # not exp(z + 1), which stays
    return expr if expr.is_rational_function(_E) and not expr.has(Z) else None


def _exact(expr: sp.Expr) -> bool:
    """Only rational numbers: with π or e in it, SymPy may search for minutes whether a pivot is zero."""
    return not expr.has(sp.Function, sp.NumberSymbol) and _whole_powers(expr)


def _whole_powers(expr: sp.Expr) -> bool:
    return all(power.exp.is_Integer for power in expr.atoms(sp.Pow))


def _degree(expr: sp.Expr) -> sp.Expr:
    """No less than the degrees in E of numerator and denominator, without multiplying out."""
    if isinstance(expr, sp.Pow):
        return abs(expr.exp) * _degree(expr.base)
    return sp.Integer(1) if expr == _E else sum(map(_degree, expr.args), sp.Integer(0))


@lru_cache(maxsize=256)
def _output_form(function: Elementwise) -> sp.Expr | None:
    """Fit a polynomial p with f′ = p(f) at rational points, then prove it as an identity of rational functions."""
    output, slope = _as_rational(function.expr), _as_rational(function.slope)
    if output is None or slope is None or not output.has(_E) or not (_exact(output) and _exact(slope)):
        return None
    if max(_degree(output), _degree(slope)) > _LARGEST_DEGREE:  # multiplying out (1 + (1 + z)**50)**50 takes hours
        return None
    points = [sp.Rational(q) for q in (2, 3, 5, 7)][: _HIGHEST_DEGREE + 1]
    at = [(output.subs(_E, q), slope.subs(_E, q)) for q in points]
    powers = sp.Matrix([[y**power for power in range(_HIGHEST_DEGREE + 1)] for y, _ in at])
    if powers.det() == 0:
        return None
    coefficients = powers.LUsolve(sp.Matrix([d for _, d in at]))
    polynomial = sum((c * Y**power for power, c in enumerate(coefficients)), sp.Integer(0))
    return polynomial if sp.cancel(slope - polynomial.subs(Y, output)) == 0 else None


@lru_cache(maxsize=256)
def _steepest(function: Elementwise) -> sp.Expr | None:
    """From the branches of f′ where they are constant, else from f′ = p(y) on the closure of the range of f."""
    slope = function.slope
    if not slope.has(sp.tanh, sp.exp) and isinstance(slope, sp.Piecewise):
        values = [branch for branch, _ in slope.args]
        return sp.Max(*map(sp.Abs, values)) if all(value.is_number for value in values) else None
    if slope.is_number:
        return sp.Abs(slope)
    form = function.output_form
    if form is None:
        return None
    ends = [sp.limit(function.expr, Z, end) for end in (-sp.oo, sp.oo)]
    if not all(end.is_finite for end in ends) or sp.singularities(function.expr, Z) != sp.S.EmptySet:
        return None  # unbounded, or with a pole, as 1/z has one: the ends do not bound the range
    low, high = sorted(ends)
    inside = [y for y in sp.solve(sp.diff(form, Y), Y) if y.is_real and low <= y <= high]
    return sp.Max(*(sp.Abs(form.subs(Y, y)) for y in (low, high, *inside)))


tanh = Elementwise("tanh", sp.tanh(Z))
sigmoid = Elementwise("sigmoid", 1 / (1 + sp.exp(-Z)), stable=(1 + sp.tanh(Z / 2)) / 2)
relu = Elementwise("relu", sp.Piecewise((Z, Z > 0), (0, True)))  # the open branch makes relu′(0) = 0, as in PyTorch
identity = Elementwise("identity", Z)
exp = Elementwise("exp", sp.exp(Z))
log = Elementwise("log", sp.log(Z))
reciprocal = Elementwise("reciprocal", 1 / Z)

_NAMED = (exp, reciprocal, sigmoid)
ACTIVATIONS = {f.name: f for f in (tanh, sigmoid, relu, identity)}
