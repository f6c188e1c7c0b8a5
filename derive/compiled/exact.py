"""Numbers of generated code as the rational numbers that they stand for."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import isfinite
from typing import Any

from derive.errors import BpttError

_SHORT = 10**7
"""Denominators up to which a float stands for a rational number: it has sixteen digits, which are no coincidence."""


class InexactError(BpttError):
    """Something in the code that other numbers do not have: a float that stands for π, or a function."""


@lru_cache(maxsize=1024)
def rational(value: float) -> Fraction:
    """The simplest fraction of which ``value`` is the nearest float: the 1/10 that is meant by 0.1."""
    if not isfinite(value):
        raise InexactError(f"the code has {value} in it")
    whole, denominator = Fraction(value), 1
    while denominator <= _SHORT:
        near = whole.limit_denominator(denominator)
        if float(near) == value:
            return near
        denominator *= 10
    raise InexactError(f"{value!r} in the code is the rounding of another number")


class Size(int):
    """A size that divides exactly: 1/(T B) is the weight of a loss."""

    def __mul__(self, other: Any) -> Any:
        found = int(self) * other
        return Size(found) if isinstance(other, int) else found

    __rmul__ = __mul__

    def __rtruediv__(self, other: Any) -> Any:
        return Fraction(other, int(self)) if isinstance(other, int) else NotImplemented
