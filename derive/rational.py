"""Exact equality of expressions in tanh, exp and the like, as an identity of polynomials.

Every application of a transcendental function becomes a free symbol, every denominator P a symbol r with r·P = 1.
Two expressions whose difference is then the zero polynomial are equal, wherever both are defined.  Arguments are
compared as written, which suffices where both sides are built from the same forward pass.  (The other direction does
not hold in general: two different-looking arguments may be equal.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp


class Polynomials:
    """Reads SymPy expressions as polynomials in free symbols and reciprocals; remembers the names it has given."""

    def __init__(self) -> None:
        self.names: dict[sp.Basic, sp.Symbol] = {}
        self.denominators: dict[sp.Symbol, sp.Expr] = {}

    def equal(self, left: sp.Expr, right: sp.Expr) -> bool:
        """Whether left − right is the zero polynomial once denominators are cleared."""
        difference = self._reciprocals(self._named(left - right))
        symbols = difference.free_symbols | {s for p in self.denominators.values() for s in p.free_symbols}
        if not symbols:
            return bool(difference == 0)
        ring = sp.ring(sorted(symbols | self.denominators.keys(), key=str), sp.QQ)[0]
        polynomial = ring.from_expr(difference)
        for reciprocal, denominator in reversed(self.denominators.items()):  # outer ones may contain inner ones
            polynomial = _cleared(polynomial, ring, reciprocal, ring.from_expr(denominator))
        return not polynomial

    def _named(self, expr: sp.Expr) -> sp.Expr:
        """Outermost applications replaced by symbols."""
        return expr.xreplace({node: self._name(node) for node in _applications(expr)})

    def _name(self, node: sp.Basic) -> sp.Expr:
        """A symbol.  SymPy writes exp(a)² exp(b) as exp(2a + b), so that is read as powers and products again."""
        if not isinstance(node, sp.exp):
            return self._symbol(node)
        factors = []
        for term in sp.Add.make_args(node.exp):
            times, rest = term.as_coeff_Mul()
            factors.append(self._symbol(sp.exp(rest)) ** times if times.is_Integer else self._symbol(sp.exp(term)))
        return sp.Mul(*factors)

    def _symbol(self, node: sp.Basic) -> sp.Symbol:
        return self.names.setdefault(node, sp.Symbol(f"u{len(self.names)}"))

    def _reciprocals(self, expr: sp.Expr) -> sp.Expr:
        """Every negative power of a sum or a symbol replaced by a power of its reciprocal's symbol."""
        return expr.replace(_is_reciprocal, self._reciprocal)  # from the innermost denominator outwards

    def _reciprocal(self, power: sp.Pow) -> sp.Expr:
        known = next((r for r, p in self.denominators.items() if p == power.base), None)
        name = known or sp.Symbol(f"r{len(self.denominators)}")
        self.denominators[name] = power.base
        return name ** (-power.exp)


def _is_reciprocal(expr: sp.Basic) -> bool:
    return isinstance(expr, sp.Pow) and expr.exp.is_Integer and expr.exp.is_negative and not expr.base.is_number


def _applications(expr: sp.Basic) -> Iterator[sp.Basic]:
    """The outermost function applications."""
    if isinstance(expr, sp.Function | sp.exp):
        yield expr
        return
    for part in expr.args:
        yield from _applications(part)


def _cleared(polynomial: Any, ring: Any, reciprocal: sp.Symbol, denominator: Any) -> Any:
    """Σ_k p_k r^k times P^K, with r·P = 1: Σ_k p_k P^{K−k}."""
    place = ring.symbols.index(reciprocal)
    by_degree: dict[int, Any] = {}
    for monomial, coefficient in polynomial.terms():
        degree = monomial[place]
        rest = (*monomial[:place], 0, *monomial[place + 1 :])
        by_degree.setdefault(degree, ring.zero)[rest] = coefficient
    highest = max(by_degree, default=0)
    total = ring.zero
    for degree, part in by_degree.items():
        total = total + part * denominator ** (highest - degree)
    return total
