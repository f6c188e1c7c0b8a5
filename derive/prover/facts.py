"""Equations with a range: what a proof may rest on, and for which indices it says anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import sympy as sp

from derive.errors import ProofError
from derive.expr import Node, Var
from derive.indices import S, T
from derive.prover.domain import Domain, at_least
from derive.sums import reindex

LENGTHS = (at_least(T, sp.Integer(1)), at_least(S, sp.Integer(1)))
"""No phase is empty."""


@dataclass(frozen=True)
class Range:
    """The values of a free index for which an equation is claimed."""

    index: sp.Symbol
    lower: sp.Expr
    upper: sp.Expr


def over(index: sp.Symbol, lower: sp.Expr | int, upper: sp.Expr | int) -> Range:
    """``index`` from lower to upper."""
    return Range(index, sp.sympify(lower), sp.sympify(upper))


class Fact(Protocol):
    """lhs = rhs, for every index in ``where``: a step of a derivation, or any equation that is taken as known."""

    @property
    def lhs(self) -> Node: ...

    @property
    def rhs(self) -> Node: ...

    @property
    def where(self) -> tuple[Range, ...]: ...


class Known(Protocol):
    """Facts by their keys."""

    def __getitem__(self, key: str) -> Fact: ...


def assumptions(where: Iterable[Range]) -> Domain:
    """T ≥ 1, S ≥ 1 and the ranges of the free indices."""
    ranges = (c for r in where for c in (at_least(r.index, r.lower), at_least(r.upper, r.index)))
    return Domain((*LENGTHS, *ranges))


def claimed_at(fact: Fact, time: sp.Expr | None, domain: Domain) -> bool:
    """Whether a fact speaks about all points of ``domain``, with ``time`` for the time of its left-hand side.

    A premise outside of the range that it was stated for says nothing: δ_T = g_T is no law for δ_t.
    """
    at = _index_at(fact, time)
    try:
        return domain.empty or all(
            domain.proves(own.index.xreplace(at), own.lower.xreplace(at))
            and domain.proves(own.upper.xreplace(at), own.index.xreplace(at))
            for own in fact.where
        )
    except ProofError:
        return False


def _index_at(fact: Fact, time: sp.Expr | None) -> dict[sp.Symbol, sp.Expr]:
    """What the free index of a fact is where its left-hand side is at ``time``: t − 1 of a_{t+1} = …, for a_t."""
    own = fact.lhs.time if isinstance(fact.lhs, Var) else None
    if own is None or time is None:
        return {}
    shifts = ((r.index, own - r.index) for r in fact.where)
    return next(({index: time - shift} for index, shift in shifts if shift.is_Integer), {})


def index_of(fact: Fact) -> sp.Symbol | None:
    """The free index that is the time of a fact's left-hand side: t of a_t; none of a_0 and δ_T."""
    time = fact.lhs.time if isinstance(fact.lhs, Var) else None
    return next((own.index for own in fact.where if own.index == time), None)


def range_of(fact: Fact, index: sp.Symbol) -> Range:
    """The range of a free index.  Raises ProofError where the fact gives none."""
    for own in fact.where:
        if own.index == index:
            return own
    raise ProofError(f"no range of {index} is given")


def instance(fact: Fact, target: Var, domain: Domain) -> Node | None:
    """The right-hand side of a fact ``a_t = …`` at another time, or None where it says nothing about that."""
    if not isinstance(fact.lhs, Var) or fact.lhs.head != target.head or not claimed_at(fact, target.time, domain):
        return None
    if fact.lhs == target:
        return fact.rhs
    moved = _index_at(fact, target.time)
    return reindex(fact.rhs, moved) if moved else None


def required(fact: Fact, target: Var, domain: Domain) -> Node:
    """The same, where it is needed.  Raises ProofError where the fact does not say it at every point."""
    found = instance(fact, target, domain)
    if found is None:
        raise ProofError(f"{fact.lhs} = {fact.rhs} is not known to say what {target} is, at every index that is needed")
    return found
