"""The assumptions in force, and what a proof used of them: each side condition that it met, or could not meet.

All rewriting laws but one hold always.  The one with a side condition takes the next factor into a product, or the
next term into a sum:  c_t ∏_{j=i}^{t−1} c_j = ∏_{j=i}^{t} c_j  and  f(t) + Σ_{i=1}^{t−1} f(i) = Σ_{i=1}^{t} f(i).
It holds where the range of what grows is not *more* than empty, upper ≥ lower − 1.  Without that condition a false
claim could be "proved" by peeling a term off an empty sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy as sp

from derive.prover.domain import Domain

BoundRange = tuple[sp.Symbol, sp.Expr, sp.Expr]
"""A bound index with its limits, both included."""
_MARKED = re.compile(r"(\w+'*)#(\d*)")


@dataclass(frozen=True)
class Growth:
    """``part`` is taken into ``whole``, which runs from lower to upper; ``failure`` is a point where it may not be."""

    part: object
    whole: object
    lower: sp.Expr
    upper: sp.Expr
    failure: dict[sp.Symbol, int] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        if self.failure is None:
            return shown(
                f"{self.part} joins {self.whole}, whose range is at worst empty: {self.upper} ≥ {self.lower - 1}"
            )
        ours = self.lower.free_symbols | self.upper.free_symbols
        numbers = {symbol: sp.Integer(number) for symbol, number in self.failure.items() if symbol in ours}
        at = ", ".join(f"{symbol} = {number}" for symbol, number in numbers.items())
        ends = f"{self.lower.xreplace(numbers)} to {self.upper.xreplace(numbers)}"
        place = f"at {at}, where it runs from {ends}" if at else f"which runs from {ends}"
        return shown(f"{self.part} does not continue {self.whole} {place}")


@dataclass
class Notes:
    """Side conditions in the order in which they were met."""

    met: dict[Growth, None] = field(default_factory=dict)
    failed: dict[Growth, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Context:
    """Assumptions on the indices, and the notes of the proof that rests on them."""

    domain: Domain
    notes: Notes = field(default_factory=Notes)

    def within(self, ranges: Iterable[BoundRange]) -> Context:
        """The same proof inside of sums, at the points that their indices run through."""
        domain = self.domain
        for own in ranges:
            domain = domain.with_range(*own)
        return Context(domain, self.notes)

    def grows(self, part: object, whole: object, lower: sp.Expr, upper: sp.Expr) -> bool:
        """Whether ``part``, which comes next, may be taken into ``whole``: whether upper ≥ lower − 1 everywhere."""
        if self.domain.proves(upper, lower - 1):
            self.notes.met[Growth(part, whole, lower, upper)] = None
            return True
        failure = self.domain.counterexample(upper, lower - 1)
        self.notes.failed[Growth(part, whole, lower, upper, failure)] = None
        return False


def shown(text: object) -> str:
    """Text for a reader: the marks that keep bound indices apart become primes, where they are needed."""
    found: dict[str, list[str]] = {}
    for name, mark in _MARKED.findall(str(text)):
        marks = found.setdefault(name, [])
        marks += [mark] if mark not in marks else []
    return _MARKED.sub(lambda match: match[1] + "'" * found[match[1]].index(match[2]), str(text))
