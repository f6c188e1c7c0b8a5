"""How large the numerator of a rational function can be: its degree and the size of its coefficients, by the same
evaluation that computes its values.

Every value v of an evaluation is N_v / ∏_i D_i^{k_i(v)}, a polynomial with integer coefficients over powers of a few
polynomials D_i: the integers that rational constants are divided by, and whatever 1/z is taken of.  Let d_i ≥ deg D_i.
For v is kept what it takes to know N_v: the powers k_i(v), and a number δ(v) with

    deg N_v ≤ δ(v) + Σ_i k_i(v) d_i.

Then δ(v + w) = max(δ(v), δ(w)) will do, with the larger of the powers, since each numerator is multiplied by what its
own denominator lacks; δ(v w) = δ(v) + δ(w), with the sum of the powers; and δ(1/v) = −δ(v), with one power of a new
D = N_v of degree d = δ(v) + Σ_i k_i(v) d_i, since the numerator of 1/v is the denominator of v.

The same holds of log₂‖N_v‖₁, the sum of the absolute values of the coefficients: it is not larger than that of the
factors together in a product, nor than the logarithm of the sum of both in a sum.

It is enough to do this at sizes of one or two: an array then stands for a larger one whose entries all have the bound
of one of its own.  A product is charged with ``terms``, as if it were one of so many in an entry of a matrix product,
and 1/z with ``entries``, as if what is divided by were the product of so many entries.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, log2
from typing import Any

import sympy as sp


@dataclass(frozen=True)
class Size:
    """Of a polynomial with integer coefficients: its degree, and log₂ of their sum, at most."""

    degree: float
    bits: float


@dataclass(frozen=True, eq=False)
class Divisor:
    """A polynomial D that something is divided by: at most that large."""

    size: Size


class Bound:
    """δ and log₂‖·‖ of a value, and the powers of the polynomials that it is divided by."""

    __slots__ = ("bits", "degree", "owner", "powers")

    def __init__(self, owner: Degrees, degree: float, bits: float, powers: dict[Divisor, int]) -> None:
        self.owner, self.degree, self.bits, self.powers = owner, degree, bits, powers

    @property
    def numerator(self) -> Size:
        degree = self.degree + sum(power * divisor.size.degree for divisor, power in self.powers.items())
        return Size(max(degree, 0), self.bits + sum(power * d.size.bits for d, power in self.powers.items()))

    def __add__(self, other: object) -> Bound:
        if not isinstance(other, Bound):
            return self if isinstance(other, int) and other == 0 else NotImplemented
        powers = self.powers if other.powers is self.powers else _merged(self.powers, other.powers)
        return Bound(self.owner, max(self.degree, other.degree), _log_sum(self.bits, other.bits), powers)

    __radd__ = __add__

    def __mul__(self, other: object) -> Bound:
        if not isinstance(other, Bound):
            return NotImplemented
        return self._times(other, self.owner.log_terms)

    def _times(self, other: Bound, more: float) -> Bound:
        powers = dict(self.powers)
        for divisor, power in other.powers.items():
            powers[divisor] = powers.get(divisor, 0) + power
        return Bound(self.owner, self.degree + other.degree, self.bits + other.bits + more, powers)

    def __truediv__(self, other: Any) -> Bound:
        return self._times(other.inverse if isinstance(other, Bound) else self.owner.number(1 / sp.Integer(other)), 0.0)

    @property
    def inverse(self) -> Bound:
        """1/v.  Raises ZeroDivisionError where v is zero."""
        if self.bits == -inf:
            raise ZeroDivisionError("the inverse of zero")
        own, entries = self.numerator, self.owner.entries
        divisor = Divisor(Size(entries * own.degree, entries * own.bits))
        self.owner.divisors.append(divisor)
        return Bound(self.owner, -self.degree, -self.bits, {divisor: 1})


def _merged(left: dict[Divisor, int], right: dict[Divisor, int]) -> dict[Divisor, int]:
    merged = dict(left)
    for divisor, power in right.items():
        merged[divisor] = max(power, merged.get(divisor, 0))
    return merged


def _log_sum(left: float, right: float) -> float:
    """log₂(2^left + 2^right)."""
    low, high = sorted((left, right))
    return high if low == -inf else high + log2(1 + 2.0 ** (low - high))


@dataclass
class Degrees:
    """A field whose elements are bounds: a drawn one is an indeterminate.

    ``terms`` are the terms that any sum over a dimension has at most, ``entries`` those of any array that a function
    is applied to.
    """

    terms: int = 1
    entries: int = 1
    divisors: list[Divisor] = field(default_factory=list)
    _integers: dict[int, Divisor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.log_terms = log2(self.terms)

    def number(self, value: sp.Rational) -> Bound:
        if value == 0:
            return Bound(self, -inf, -inf, {})
        denominator = int(value.q)
        if denominator == 1:
            return Bound(self, 0, log2(abs(int(value.p))), {})
        divisor = self._integers.setdefault(denominator, Divisor(Size(0, log2(denominator))))
        return Bound(self, 0, log2(abs(int(value.p))) - log2(denominator), {divisor: 1})

    def draw(self) -> Bound:
        return Bound(self, 1, 0.0, {})
