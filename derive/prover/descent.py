"""Induction on how far a recurrence has been substituted into itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.errors import ProofError
from derive.expr import Var
from derive.prover.claim import Method
from derive.prover.facts import Fact, Known, Range, assumptions, range_of, required
from derive.prover.normal_form import why_equal
from derive.prover.unfolding import put_in
from derive.sums import reindex


@dataclass(frozen=True)
class Descent(Method):
    """Induction on ``stop``, from t − 1 down to any earlier step, for a claim a_t = F(stop) in which a_stop stands.

    Base case: F(t − 1) is the recurrence itself.  Step: putting the recurrence into a_stop turns F(stop) into
    F(stop − 1), for *every* stop below t, whatever the claim itself says about how late the stop may be.
    """

    recurrence: str
    stop: sp.Symbol

    @property
    def method(self) -> str:
        return f"induction on {self.stop}, downwards"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.recurrence,)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        claimed, stop, own = claim.lhs, self.stop, range_of(claim, self.stop)
        if not isinstance(claimed, Var) or claimed.time is None:
            raise ProofError(f"{claimed} is no variable at a time")
        latest = claimed.time - 1
        if not assumptions(claim.where).proves(latest, stop):
            raise ProofError(f"{stop} ≤ {latest} is not known, and the descent begins there")
        top = assumptions(other for other in claim.where if stop not in _symbols(other))
        below = top.with_range(stop, own.lower + 1, latest)
        fact = known[self.recurrence]

        yield f"base case {stop} = {latest}: {self.recurrence} itself"
        first = reindex(claim.rhs, {stop: latest})
        yield from why_equal(first, required(fact, claimed, top), top, "the base case")

        yield f"step from {stop} to {stop - 1}: put {self.recurrence} into {claimed.at(stop)}"
        deeper = put_in(claim.rhs, {claimed.at(stop): required(fact, claimed.at(stop), below)})
        yield from why_equal(deeper, reindex(claim.rhs, {stop: stop - 1}), below, "the step")


def _symbols(own: Range) -> set[sp.Symbol]:
    """What a range speaks of; one that speaks of the stop says nothing about the later stops that come before it."""
    return {own.index} | own.lower.free_symbols | own.upper.free_symbols
