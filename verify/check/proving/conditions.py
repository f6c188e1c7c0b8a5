"""For which indices a link is claimed: the conditions under which both of its sides speak of steps that there are.

A condition on free indices alone restricts the claim, as it does for the judge, who passes over steps that there are
not.  One that speaks of a bound index has to follow from the others, or there is no proof: a sum with one term that
does not exist has no value.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sympy as sp

from derive.errors import ProofError
from derive.indices import T
from derive.prover.domain import Domain, affine
from derive.prover.facts import Range, assumptions, over
from derive.prover.notes import BoundRange


class UntranslatableError(Exception):
    """The prover's language has nothing for it.  Never means that a claim is false."""


@dataclass
class Conditions:
    """``used`` are the premises, in words, in the order in which they were needed."""

    free: dict[str, sp.Symbol] = field(default_factory=dict)
    where: list[Range] = field(default_factory=list)
    owed: list[tuple[tuple[BoundRange, ...], sp.Expr, sp.Expr]] = field(default_factory=list)
    used: dict[str, None] = field(default_factory=dict)
    bound: int = 0

    def letter(self, name: str) -> sp.Symbol:
        """A free index; it runs over all steps."""
        if name == "T":
            return T
        if name not in self.free:
            self.free[name] = sp.Symbol(name, integer=True)
            self.where.append(over(self.free[name], 1, T))
        return self.free[name]

    def new(self, name: str) -> sp.Symbol:
        """A bound index, like no other."""
        self.bound += 1
        return sp.Symbol(f"{name}{self.bound}", integer=True)

    def exists(self, larger: sp.Expr, smaller: sp.Expr, ranges: tuple[BoundRange, ...]) -> None:
        """Where larger < smaller, the claim speaks of a step that there is not."""
        if _symbols(larger, smaller) & {index for index, _, _ in ranges}:
            self.must(larger, smaller, ranges)
        elif not assumptions(self.where).proves(larger, smaller):
            self.where.append(as_range(larger, smaller))

    def must(self, larger: sp.Expr, smaller: sp.Expr, ranges: tuple[BoundRange, ...]) -> None:
        """Where larger < smaller, the claim means something else than its translation."""
        self.owed.append((ranges, larger, smaller))

    def met(self) -> bool:
        """Whether what is owed follows from where the claim is made, and it is made somewhere."""
        domain = assumptions(self.where)
        return not domain.empty and all(_follows(domain, *own) for own in self.owed)


def _symbols(*own: sp.Expr) -> set[sp.Symbol]:
    return {symbol for one in own for symbol in one.free_symbols}


def as_range(larger: sp.Expr, smaller: sp.Expr) -> Range:
    """larger ≥ smaller; a free index lies between 1 and T in any case."""
    (above, more), (below, less) = affine(larger), affine(smaller)
    if above is not None:
        return over(above, smaller - more, T)
    if below is not None:
        return over(below, 1, larger - less)
    raise UntranslatableError("a step that there is not")


def _follows(domain: Domain, ranges: tuple[BoundRange, ...], larger: sp.Expr, smaller: sp.Expr) -> bool:
    try:
        for own in ranges:
            domain = domain.with_range(*own)
        return domain.empty or domain.proves(larger, smaller)
    except ProofError:
        return False
