"""Numbers of any kind as entries of NumPy's object arrays: what lets the generated code run on them as it stands.

NumPy asks an object for its operators, and for a method of the function's name: ``tanh`` of an array of objects calls
``.tanh()`` of each.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache, reduce
from operator import mul
from typing import Any, Final, Protocol

import sympy as sp
from sympy.printing.numpy import NumPyPrinter

from derive.compiled.exact import InexactError, rational
from derive.compiled.scalars import UNARY
from derive.errors import BpttError
from derive.functions import Elementwise, Z

Element = Any


class UnwrittenError(BpttError):
    """The code reads memory into which it has not written: there may be anything in it."""

    def __init__(self) -> None:
        super().__init__("the code reads memory that it has not written")


_OF_SYMPY = {name.removeprefix("numpy."): known for known, name in NumPyPrinter()._kf.items()}


@lru_cache(maxsize=64)
def named(name: str) -> Elementwise:
    """The function that NumPy calls so."""
    return Elementwise(name, getattr(sp, _OF_SYMPY.get(name, name))(Z))


class Numbers(Protocol):
    """A kind of number, which has + − · / of its own."""

    def number(self, value: Fraction) -> Element:
        """A rational constant."""
        ...

    def apply(self, name: str, z: Element) -> Element:
        """The function that NumPy calls ``name``."""
        ...

    def exponential(self, above: Element, below: Element) -> Element:
        """exp(above − below).  Floating point shifts by a largest entry what exact numbers need not."""
        ...

    def exceeds(self, left: Element, right: Element, strictly: bool) -> bool:
        """left > right, or left ≥ right."""
        ...


class Nothing:
    """What stands in memory that the code has not written: whatever is made of it is nothing either.

    It is no exception, since NumPy's loops over objects do not stop for one.
    """

    def _same(self, other: object = None) -> Nothing:
        return self

    __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = _same


NOTHING: Final = Nothing()


class Entry:
    """One number of a kind.  A difference remembers both sides, for an exponential of it."""

    __slots__ = ("of", "sides", "value")

    def __init__(self, of: Numbers, value: Element, sides: tuple[Element, Element] | None = None) -> None:
        self.of, self.value, self.sides = of, value, sides

    def _read(self, other: Any) -> Element:
        """The value of an operand: of an entry of this run, or a number of the code."""
        if isinstance(other, Entry):
            return other.value if other.of is self.of else NOTHING
        return NOTHING if other is None else _number(self.of, other)

    def _compared(self, left: Element, right: Element, strictly: bool) -> bool:
        return left is NOTHING or right is NOTHING or self.of.exceeds(left, right, strictly)

    def __add__(self, other: Any) -> Entry:
        return Entry(self.of, self.value + self._read(other))

    __radd__ = __add__

    def __mul__(self, other: Any) -> Entry:
        if isinstance(other, int | float) and other == 1:
            return self
        return Entry(self.of, self.value * self._read(other))

    __rmul__ = __mul__

    def __neg__(self) -> Entry:
        return self * -1

    def __sub__(self, other: Any) -> Entry:
        right = self._read(other)
        return Entry(self.of, self.value + right * self.of.number(Fraction(-1)), (self.value, right))

    def __rsub__(self, other: Any) -> Entry:
        return Entry(self.of, self._read(other)) - self

    def __truediv__(self, other: Any) -> Entry:
        """x/x is exactly 1, as a softmax of one score is; of two balls that are merely alike, nobody can say so."""
        if other is self and self.value != 0:
            return Entry(self.of, self.of.number(Fraction(1)))
        return Entry(self.of, self.value / self._read(other))

    def __rtruediv__(self, other: Any) -> Entry:
        return Entry(self.of, self._read(other) / self.value)

    def __gt__(self, other: Any) -> bool:
        return self._compared(self.value, self._read(other), strictly=True)

    def __ge__(self, other: Any) -> bool:
        return self._compared(self.value, self._read(other), strictly=False)

    def __lt__(self, other: Any) -> bool:
        return self._compared(self._read(other), self.value, strictly=True)

    def __le__(self, other: Any) -> bool:
        return self._compared(self._read(other), self.value, strictly=False)

    def __pow__(self, power: Any) -> Entry:
        """Whole powers, by multiplication."""
        if power != int(power) or power < 1:
            raise InexactError(f"the code has the power {power} in it")
        return reduce(mul, [self] * int(power))

    def __abs__(self) -> Entry:
        return self if self >= 0 else -self

    def exp(self) -> Entry:
        if self.sides is None or any(side is NOTHING for side in self.sides):
            return self._applied("exp")
        return Entry(self.of, self.of.exponential(*self.sides))

    def __getattr__(self, name: str) -> Callable[[], Entry]:
        """The functions that NumPy looks for."""
        if name not in UNARY:
            raise AttributeError(name)
        return lambda: self._applied(name)

    def _applied(self, name: str) -> Entry:
        return self if self.value is NOTHING else Entry(self.of, self.of.apply(name, self.value))

    def __float__(self) -> float:
        """Nobody needs it: a run keeps its loss as a float."""
        return float("nan")


def element(of: Numbers, entry: Any) -> Element:
    """The number that an entry of a result is.

    Raises UnwrittenError for one that is there from another run, or is nothing.
    """
    found = Entry(of, of.number(Fraction(1)))._read(entry)
    if found is NOTHING:
        raise UnwrittenError
    return found


def _number(of: Numbers, written: int | float | Fraction) -> Element:
    """A number of the code, read as the rational number that it stands for."""
    return of.number(Fraction(written) if isinstance(written, int | Fraction) else rational(float(written)))
