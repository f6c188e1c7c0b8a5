"""Rational functions with integer coefficients as elements: an identity of them is proved, not tested."""

from __future__ import annotations

import sympy as sp
from sympy.polys.fields import FracElement, field


class Fraction:
    """An element that leaves arrays to NumPy, as SymPy's does not."""

    def __init__(self, fraction: FracElement) -> None:
        self.fraction = fraction

    def __add__(self, other: object) -> Fraction:
        return (
            self
            if other == 0
            else Fraction(self.fraction + other.fraction)
            if isinstance(other, Fraction)
            else NotImplemented
        )

    __radd__ = __add__

    def __mul__(self, other: object) -> Fraction:
        return Fraction(self.fraction * other.fraction) if isinstance(other, Fraction) else NotImplemented

    def __truediv__(self, other: object) -> Fraction:
        divisor = other.fraction if isinstance(other, Fraction) else other
        return Fraction(self.fraction / divisor) if isinstance(other, Fraction | int) else NotImplemented

    def __eq__(self, other: object) -> bool:
        return bool(self.fraction == (other.fraction if isinstance(other, Fraction) else other))

    def __hash__(self) -> int:
        return hash(self.fraction)

    @property
    def degree(self) -> int:
        """Of the numerator in lowest terms."""
        return max((sum(powers) for powers in self.fraction.numer), default=0)

    @property
    def norm(self) -> int:
        """The sum of the absolute values of its coefficients."""
        return sum(abs(int(coefficient)) for coefficient in self.fraction.numer.values())


class Fractions:
    """A field in which a drawn element is a letter, one of ``count``."""

    def __init__(self, count: int) -> None:
        self.field, *letters = field([f"x{place}" for place in range(count)], sp.ZZ)
        self.letters = iter(letters)

    def number(self, value: sp.Rational) -> Fraction:
        return Fraction(self.field(int(value.p)) / self.field(int(value.q)))

    def draw(self) -> Fraction:
        return Fraction(next(self.letters))
