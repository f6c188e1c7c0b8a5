"""Exact equality of expressions in tanh, exp and the like, as an identity of polynomials.

Every application of a transcendental function becomes a free symbol, every denominator P a symbol r with r·P = 1.
Two expressions whose difference is then the zero polynomial are equal, wherever both are defined.  Arguments are
compared as written, which suffices where both sides are built from the same forward pass.  (The other direction does
not hold in general: two different-looking arguments may be equal.)
"""

from __future__ import annotations

from math import prod

import sympy as sp

from derive.named import Short
from derive.sparse import ONE, Polynomial, by_degree, constant, difference, divided, power, product, total, variable


class Polynomials:
    """Reads SymPy expressions as polynomials in free symbols and reciprocals; remembers all that it has read."""

    def __init__(self) -> None:
        self.places: dict[sp.Basic, int] = {}
        self.denominators: dict[int, Polynomial] = {}
        self._reciprocals: dict[frozenset[tuple[int, object]], int] = {}
        self._read: dict[sp.Basic, Polynomial] = {}

    def equal(self, left: sp.Expr, right: sp.Expr) -> bool:
        """Whether left − right is the zero polynomial once denominators are cleared."""
        polynomial = difference(self.read(left), self.read(right))
        inner_last = list(reversed(self.denominators.items()))  # outer ones may contain inner ones
        for without in (divided, _cleared):
            for place, denominator in inner_last if polynomial else ():
                polynomial = without(polynomial, place, denominator)
        return not polynomial

    def read(self, expr: sp.Expr) -> Polynomial:
        """An expression multiplied out; each of its parts is multiplied out once."""
        known = self._read.get(expr)
        if known is None:
            known = self._read[expr] = self._multiplied_out(expr)
        return known

    def _multiplied_out(self, expr: sp.Expr) -> Polynomial:
        if isinstance(expr, sp.Rational):
            return constant(expr)
        if isinstance(expr, sp.Add):
            return total(self.read(term) for term in expr.args)
        if isinstance(expr, sp.Mul):
            return product([self.read(factor) for factor in expr.args])
        if isinstance(expr, sp.Pow) and expr.exp.is_Integer:
            base = self.read(expr.base)
            return power(base, int(expr.exp)) if expr.exp > 0 else power(self._reciprocal(base), -int(expr.exp))
        if isinstance(expr, sp.exp):
            return self._exponential(expr)
        return self.read(expr.whole) if isinstance(expr, Short) else self._symbol(expr)

    def _exponential(self, expr: sp.exp) -> Polynomial:
        """SymPy writes exp(a)² exp(b) as exp(2a + b), so that is read as powers and products again."""
        factors = []
        for term in sp.Add.make_args(expr.exp):
            times, rest = term.as_coeff_Mul()
            if not times.is_Integer:
                times, rest = sp.Integer(1), term
            base = self._symbol(sp.exp(rest))
            factors.append(power(base, int(times)) if times > 0 else power(self._reciprocal(base), -int(times)))
        return product(factors)

    def _symbol(self, node: sp.Basic) -> Polynomial:
        return variable(self.places.setdefault(node, len(self.places)))

    def _reciprocal(self, base: Polynomial) -> Polynomial:
        """1/P: a number for a number, else the symbol of P."""
        if set(base) <= {ONE}:
            return constant(1 / sp.Rational(base[ONE]))
        key = frozenset(base.items())
        if key not in self._reciprocals:
            place = self._reciprocals[key] = len(self.places)
            self.places[sp.Dummy("r")] = place
            self.denominators[place] = base
        return variable(self._reciprocals[key])


def _cleared(polynomial: Polynomial, place: int, denominator: Polynomial) -> Polynomial:
    """Σ_k p_k r^k times P^K, with r·P = 1: Σ_k p_k P^{K−k}."""
    parts = by_degree(polynomial, place)
    highest = max(parts, default=0)
    return total(product([part, power(denominator, highest - degree)]) for degree, part in parts.items())


def terms(expr: sp.Expr, known: dict[sp.Expr, int]) -> int:
    """No fewer than the terms of the expression multiplied out; ``known`` remembers those of its parts."""
    if expr not in known:
        if isinstance(expr, Short):
            known[expr] = terms(expr.whole, known)
        elif isinstance(expr, sp.Add):
            known[expr] = sum(terms(term, known) for term in expr.args)
        elif isinstance(expr, sp.Mul):
            known[expr] = prod(terms(factor, known) for factor in expr.args)
        elif isinstance(expr, sp.Pow) and expr.exp.is_Integer and expr.exp > 0:
            known[expr] = terms(expr.base, known) ** int(expr.exp)
        else:
            known[expr] = 1
    return known[expr]
