"""Forward mode: a value, and how fast it changes along each of a few directions.

The whole oracle: (a + b)˙ = ȧ + ḃ, (a b)˙ = ȧ b + a ḃ and f(a)˙ = f′(a) ȧ.  Every other operation of a forward pass is
made of these, 1/a too.  No rule of ``derive.differential`` is used.
"""

from __future__ import annotations

import sympy as sp

from derive.arithmetic import Array
from derive.functions import Elementwise
from verify.jets.arithmetic import Plain
from verify.jets.field import Element
from verify.jets.free import MINUS_INFINITY


class Jet:
    """``slopes``, one for each direction, is None where nothing changes."""

    __slots__ = ("slopes", "value")

    def __init__(self, value: Element, slopes: Array | None = None) -> None:
        self.value, self.slopes = value, slopes

    def __add__(self, other: object) -> Jet:
        if not isinstance(other, Jet):
            return NotImplemented
        return Jet(self.value + other.value, _sum(self.slopes, other.slopes))

    def __radd__(self, other: object) -> Jet:
        """A Python sum starts from 0."""
        return self if other == 0 else NotImplemented

    def __mul__(self, other: object) -> Jet:
        if not isinstance(other, Jet):
            return NotImplemented
        left = None if self.slopes is None else other.value * self.slopes
        right = None if other.slopes is None else self.value * other.slopes
        return Jet(self.value * other.value, _sum(left, right))


def _sum(left: Array | None, right: Array | None) -> Array | None:
    if left is None or right is None:
        return right if left is None else left
    return left + right


class Dual(Plain):
    """Arrays of jets."""

    def scalar(self, value: sp.Expr) -> Jet:
        return Jet(super().scalar(value))

    def apply(self, function: Elementwise, entry: Element) -> Jet:
        if entry is MINUS_INFINITY:
            return Jet(self.free.value(function, entry))
        value = self.free.value(function, entry.value)
        return Jet(value, None if entry.slopes is None else self.free.slope(function, entry.value) * entry.slopes)
