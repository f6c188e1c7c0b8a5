"""Exact arithmetic over ℚ, for the expressions of a derivation; and intervals with rational ends."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.errors import BpttError
from derive.functions import Elementwise, Z


class NotRationalError(BpttError):
    """A function of a rational number that is no rational number."""


class Rationals:
    """Fractions in object arrays; a function is applied where its value is rational (ReLU′, say)."""

    def filled(self, value: sp.Expr, rows: int, cols: int) -> Array:
        return np.full((rows, cols), self.scalar(value), dtype=object)

    def identity(self, size: int) -> Array:
        return np.array([[Fraction(int(row == col)) for col in range(size)] for row in range(size)], dtype=object)

    def scalar(self, value: sp.Expr) -> Fraction:
        """Raises NotRationalError for √2."""
        found = sp.sympify(value)
        if not found.is_Rational:
            raise NotRationalError(f"{value} is not rational")
        return Fraction(int(found.p), int(found.q))

    def transpose(self, x: Array) -> Array:
        return np.swapaxes(x, -1, -2)

    def map(self, function: Elementwise, x: Array) -> Array:
        return np.vectorize(
            lambda entry: self.scalar(function.expr.subs(Z, sp.Rational(entry.numerator, entry.denominator))),
            otypes=[object],
        )(x)

    def softmax(self, x: Array) -> Array:
        raise NotRationalError("softmax of rational numbers is not rational")

    def log_sum_exp(self, x: Array) -> Array:
        raise NotRationalError("log-sum-exp of rational numbers is not rational")


@dataclass(frozen=True)
class Interval:
    """A non-negative number between two rational ones."""

    low: Fraction
    high: Fraction

    @staticmethod
    def at(value: Fraction) -> Interval:
        return Interval(value, value)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __mul__(self, other: Interval) -> Interval:
        """Both are non-negative."""
        return Interval(self.low * other.low, self.high * other.high)

    def __truediv__(self, other: Interval) -> Interval:
        """Raises ZeroDivisionError where the divisor is not known to be positive."""
        return Interval(self.low / other.high, self.high / other.low)

    @property
    def width(self) -> float:
        """Relative to the upper end."""
        return float((self.high - self.low) / self.high) if self.high else 0.0

    def below(self, other: Interval) -> bool:
        """Whether this is at most the other, whatever the two numbers are."""
        return self.high <= other.low

    def above(self, other: Interval) -> bool:
        """Whether this is larger than the other, whatever the two numbers are."""
        return self.low > other.high
