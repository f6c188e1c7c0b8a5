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
