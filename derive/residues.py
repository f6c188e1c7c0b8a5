"""Equality of rational expressions by their values at random points of a prime field.

Every free symbol, and every application of a transcendental function, gets a random residue mod p = 2⁶¹ − 1; sums,
products and quotients are then exact.  Two expressions with different values are different.  Two different ones of
degree at most d (numerator of their difference) have one value at a random point with probability at most d/p
(Schwartz 1980; Zippel 1979), and at k independent points at most (d/p)^k: that bound is computed, from actual degrees.
"""

from __future__ import annotations

import math
import random

import sympy as sp

PRIME = 2**61 - 1
POINTS = 3
_TRIES = 20


class Residues:
    """Random residues for all symbols and applications; what has been evaluated once is remembered."""

    def __init__(self, seed: int = 20000) -> None:
        self._random = random.Random(seed)
        self._points: list[_Point] = []
        self._degrees: dict[sp.Basic, tuple[int, int]] = {}
        self.failure = 0.0
        """The probability, at most, that some equality found so far is false."""

    def equal(self, left: sp.Expr, right: sp.Expr) -> bool:
        """Whether the two agree at all points.  Raises ZeroDivisionError where a denominator is zero at every try."""
        found = 0
        for number in range(_TRIES):
            if number == len(self._points):
                self._points.append(_Point(self._random))
            try:
                if self._points[number].at(left) != self._points[number].at(right):
                    return False
            except ZeroDivisionError:
                continue
            found += 1
            if found == POINTS:
                self.failure += math.exp(POINTS * math.log(self.degree(left, right) / PRIME))
                return True
        raise ZeroDivisionError("a denominator vanishes at every random point")

    def degree(self, left: sp.Expr, right: sp.Expr) -> int:
        """A bound on the degree of the numerator of left − right."""
        (a, b), (c, d) = self._degree(left), self._degree(right)
        return max(a + d, c + b, 1)

    def _degree(self, expr: sp.Basic) -> tuple[int, int]:
        """Bounds on the degrees of numerator and denominator."""
        known = self._degrees.get(expr)
        if known is None:
            known = self._degrees[expr] = self._counted(expr)
        return known

    def _counted(self, expr: sp.Basic) -> tuple[int, int]:
        if expr.is_number:
            return 0, 0
        if isinstance(expr, sp.Add):
            parts = [self._degree(term) for term in expr.args]
            below = sum(low for _, low in parts)
            return max(high + below - low for high, low in parts), below
        if isinstance(expr, sp.Mul):
            parts = [self._degree(factor) for factor in expr.args]
            return sum(high for high, _ in parts), sum(low for _, low in parts)
        if isinstance(expr, sp.Pow) and expr.exp.is_Integer:
            high, low = self._degree(expr.base)
            power = int(expr.exp)
            return (high * power, low * power) if power > 0 else (low * -power, high * -power)
        if isinstance(expr, sp.exp):
            powers = [abs(int(term.as_coeff_Mul()[0])) or 1 for term in sp.Add.make_args(expr.exp)]
            return sum(powers), sum(powers)
        return 1, 0


class _Point:
    """One random point."""

    def __init__(self, source: random.Random) -> None:
        self._source = source
        self._known: dict[sp.Basic, int] = {}

    def at(self, expr: sp.Basic) -> int:
        """The value of an expression mod p."""
        known = self._known.get(expr)
        if known is None:
            known = self._known[expr] = self._value(expr)
        return known

    def _value(self, expr: sp.Basic) -> int:
        if isinstance(expr, sp.Rational):
            return int(expr.p) * _inverse(int(expr.q)) % PRIME
        if isinstance(expr, sp.Add):
            return sum(self.at(term) for term in expr.args) % PRIME
        if isinstance(expr, sp.Mul):
            return math.prod((1, *(self.at(factor) for factor in expr.args))) % PRIME
        if isinstance(expr, sp.Pow) and expr.exp.is_Integer:
            base, power = self.at(expr.base), int(expr.exp)
            return pow(base if power > 0 else _inverse(base), abs(power), PRIME)
        if isinstance(expr, sp.exp):
            return self._exponential(expr.exp)
        return self._source.randrange(PRIME)

    def _exponential(self, exponent: sp.Expr) -> int:
        """exp(2a + b) = exp(a)² exp(b): SymPy writes the right side as the left one."""
        value = 1
        for term in sp.Add.make_args(exponent):
            times, rest = term.as_coeff_Mul()
            if not times.is_Integer:
                times, rest = sp.Integer(1), term
            own = self._known.setdefault(("exp", rest), self._source.randrange(1, PRIME))  # type: ignore[call-overload]
            value = value * pow(own if times > 0 else _inverse(own), abs(int(times)), PRIME) % PRIME
        return value


def _inverse(value: int) -> int:
    if value % PRIME == 0:
        raise ZeroDivisionError
    return pow(value, -1, PRIME)
