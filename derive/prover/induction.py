"""Structural induction over time: the proof that reaches every t."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.errors import ProofError
from derive.expr import Node, Var
from derive.prover.claim import Method
from derive.prover.domain import Domain
from derive.prover.facts import Fact, Known, assumptions, index_of, instance, range_of, required
from derive.prover.normal_form import why_equal
from derive.prover.unfolding import put_in
from derive.sums import reindex


@dataclass(frozen=True)
class Induction(Method):
    """Induction on the time of a claim a_t = F(t), upwards from ``first``, or downwards from it.

    The fact ``recurrence`` says a_t = R(a_{t−1}) (a_{t+1} when downwards) and ``start`` gives the value before
    ``first``, or at ``first`` itself.  Base case: F(first) is that value, or R of it.  Induction step: F(t) = R(F(t−1))
    for every later t.
    """

    recurrence: str
    start: str
    first: sp.Expr | int = 1
    downwards: bool = False

    @property
    def method(self) -> str:
        return "induction on t" + (", downwards" if self.downwards else "")

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.recurrence, self.start)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        claimed, index = timed(claim)
        first, way, own = sp.sympify(self.first), -1 if self.downwards else 1, range_of(claim, index)
        last = own.lower if self.downwards else own.upper
        if index in first.free_symbols:
            raise ProofError(f"an induction on {index} cannot begin at {first}")
        lower, upper = self._ordered(first, index)
        if not assumptions(claim.where).proves(upper, lower):
            raise ProofError(f"the claim goes beyond {index} = {first}, where the induction begins")
        every = assumptions(()).with_range(index, *self._ordered(first, last))
        later = assumptions(()).with_range(index, *self._ordered(first + way, last))

        yield f"base case {index} = {first}"
        base = self._first_value(claimed.at(first), known, every.with_range(index, first, first))
        yield from why_equal(reindex(claim.rhs, {index: first}), base, every, "the base case")

        before = claimed.at(index - way)
        yield f"induction step for {index} {'<' if self.downwards else '>'} {first}: put the claim for {before} in"
        rule = required(known[self.recurrence], claimed, later)
        step = put_in(rule, {before: reindex(claim.rhs, {index: index - way})})
        yield from why_equal(claim.rhs, step, later, "the induction step")

    def _ordered(self, first: sp.Expr, last: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
        """The earlier of two times in front."""
        return (last, first) if self.downwards else (first, last)

    def _first_value(self, variable: Var, known: Known, domain: Domain) -> Node:
        """What the start says of the first one; or else what the recurrence makes of the one before it."""
        given = instance(known[self.start], variable, domain)
        if given is not None:
            return given
        before = variable.at(variable.args[3] + (1 if self.downwards else -1))
        rule = required(known[self.recurrence], variable, domain)
        return put_in(rule, {before: required(known[self.start], before, domain)})


def timed(claim: Fact) -> tuple[Var, sp.Symbol]:
    """The variable that a claim is about, and the index that its time is."""
    index = index_of(claim)
    if not isinstance(claim.lhs, Var) or index is None:
        raise ProofError(f"{claim.lhs} is no variable at a time that the claim gives a range of")
    return claim.lhs, index
