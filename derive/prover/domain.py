"""Which integers a set of inequalities allows, when each compares two indices: a difference-bound matrix.

Every limit in a BPTT derivation is an index plus a constant, so a summation range is a set of constraints
x − y ≥ c.  The tightest constants that follow from it (longest paths, Floyd–Warshall) are the same for two sets
exactly when they allow the same points, if they allow any (Dill 1989; Miné 2006, section 2): the exchange of two
summations is then an equality of dictionaries.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from derive.errors import ProofError

Affine = tuple[sp.Symbol | None, int]
Constraint = tuple[sp.Symbol | None, sp.Symbol | None, int]
_WRITTEN_OUT = 32
"""Sums and products of so many terms at most are written out; a longer one stays what it is."""


def affine(index: sp.Expr) -> Affine:
    """``index`` as (symbol, constant); the symbol is None for a plain number.  Raises ProofError for anything else."""
    constant, rest = index.as_coeff_Add()
    if rest == 0 and constant.is_Integer:
        return None, int(constant)
    if rest.is_Symbol and constant.is_Integer:
        return rest, int(constant)
    raise ProofError(f"the index {index} is not an index plus a number")


def at_least(larger: sp.Expr, smaller: sp.Expr) -> Constraint:
    """The constraint larger ≥ smaller."""
    (a, c), (b, d) = affine(larger), affine(smaller)
    return a, b, d - c


def length(lower: sp.Expr, upper: sp.Expr) -> int | None:
    """How many integers there are from lower to upper, where that is a small known number."""
    (upper_symbol, above), (lower_symbol, below) = affine(upper), affine(lower)
    count = max(above - below + 1, 0)
    return count if upper_symbol == lower_symbol and count <= _WRITTEN_OUT else None


class Domain:
    """The integer points that satisfy a set of difference constraints."""

    def __init__(self, constraints: Iterable[Constraint]) -> None:
        self.constraints = tuple(constraints)
        self.bounds = _closure(self.constraints)
        self.empty = any(a == b and bound > 0 for (a, b), bound in self.bounds.items())

    def with_range(self, index: sp.Symbol, lower: sp.Expr, upper: sp.Expr) -> Domain:
        """These points, with lower ≤ index ≤ upper besides."""
        return Domain((*self.constraints, at_least(index, lower), at_least(upper, index)))

    def proves(self, larger: sp.Expr, smaller: sp.Expr) -> bool:
        """Whether larger ≥ smaller at every point."""
        a, b, gap = at_least(larger, smaller)
        if a == b:
            return gap <= 0
        return self.bounds.get((a, b), gap - 1) >= gap

    def counterexample(self, larger: sp.Expr, smaller: sp.Expr) -> dict[sp.Symbol, int] | None:
        """A point with larger < smaller, or None where there is none."""
        a, b, gap = at_least(larger, smaller)
        return Domain((*self.constraints, (b, a, 1 - gap))).point()

    def point(self) -> dict[sp.Symbol, int] | None:
        """One of the points, as small as it may be; None where there is none.

        A value between the tightest bounds of one index can always be completed by values of the others.
        """
        if self.empty:
            return None
        found: dict[sp.Symbol, int] = {}
        domain = self
        for symbol in sorted({s for pair in self.bounds for s in pair if s is not None}, key=str):
            lowest, highest = domain.bounds.get((symbol, None)), domain.bounds.get((None, symbol))
            found[symbol] = lowest if lowest is not None else -highest if highest is not None else 0
            number = sp.Integer(found[symbol])
            domain = domain.with_range(symbol, number, number)
        return found

    def key(self, names: dict[sp.Symbol, sp.Symbol]) -> frozenset[Constraint]:
        """The tightest constraints, with bound indices renamed: equal for equal domains."""

        def renamed(symbol: sp.Symbol | None) -> sp.Symbol | None:
            return None if symbol is None else names.get(symbol, symbol)

        return frozenset((renamed(a), renamed(b), gap) for (a, b), gap in self.bounds.items() if a != b)


def _closure(constraints: Iterable[Constraint]) -> dict[tuple[sp.Symbol | None, sp.Symbol | None], int]:
    bounds: dict[tuple[sp.Symbol | None, sp.Symbol | None], int] = {}
    for a, b, gap in constraints:
        bounds[a, b] = max(gap, bounds.get((a, b), gap))
    symbols = {symbol for pair in bounds for symbol in pair}
    for middle in symbols:
        for a in symbols:
            first = bounds.get((a, middle))
            if first is None:
                continue
            for b in symbols:
                second = bounds.get((middle, b))
                if second is not None and first + second > bounds.get((a, b), first + second - 1):
                    bounds[a, b] = first + second
    return bounds
