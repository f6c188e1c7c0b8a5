"""The value of a SymPy scalar such as (ξ_3 − 1) ∏_j ξ_j in fractions; what a letter is, somebody else says."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import sympy as sp
from sympy.core.function import AppliedUndef

from derive.arithmetic import Array
from verify.growth.formulas.rationals import NotRationalError, Rationals

Lookup = Callable[[str, tuple[int, ...]], Fraction]
"""What a letter is at its indices: ("xi", (3,)); without an index for a plain letter."""


class Numbers(Rationals):
    """Fractions, for scalars with letters in them."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def scalar(self, value: sp.Expr) -> Fraction:
        """Raises NotRationalError for what is no rational number."""
        if isinstance(value, Fraction | int):
            return Fraction(value)
        if value.is_Rational:
            return Fraction(int(value.p), int(value.q))
        if isinstance(value, sp.Add):
            return sum((self.scalar(term) for term in value.args), Fraction(0))
        if isinstance(value, sp.Mul):
            return self._product(value.args)
        if isinstance(value, sp.Product):
            (index, *ends), body = value.limits[0], value.function
            low, high = (int(self.scalar(end)) for end in ends)
            return self._product([body.xreplace({index: sp.Integer(at)}) for at in range(low, high + 1)])
        if isinstance(value, sp.Pow):
            return self.scalar(value.base) ** int(self.scalar(value.exp))
        if isinstance(value, sp.Max):
            return max(self.scalar(part) for part in value.args)
        if isinstance(value, AppliedUndef):
            return self.lookup(value.func.__name__, tuple(int(self.scalar(part)) for part in value.args))
        if isinstance(value, sp.Symbol):
            return self.lookup(value.name, ())
        raise NotRationalError(f"{value} is not rational")

    def filled(self, value: sp.Expr, rows: int, cols: int) -> Array:
        return np.full((rows, cols), self.scalar(value), dtype=object)

    def _product(self, factors: list[sp.Expr] | tuple[sp.Expr, ...]) -> Fraction:
        whole = Fraction(1)
        for factor in factors:
            whole *= self.scalar(factor)
        return whole
