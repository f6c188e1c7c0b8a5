"""Structural induction over time: the proofs that reach every t."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from derive.expr import Var
from derive.prover.domain import Domain, at_least
from derive.prover.facts import LENGTHS, Fact, Known, assumptions, index_of, instance
from derive.prover.rewriting import equal_under
from derive.prover.unfolding import put_in
from derive.sums import reindex


@dataclass(frozen=True)
class Induction:
    """Structural induction over time.

    The claim is a_index = F(index); the step ``recurrence`` says a_t = R(a_{t−1}) and ``start`` gives a_0.  Base case:
    F(first) equals R with a_0 put in.  Induction step: F(index) = R(F(index − 1)) for every later index.
    """

    recurrence: str
    start: str
    first: int = 1

    @property
    def method(self) -> str:
        return "induction on t"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.recurrence, self.start)

    def holds(self, step: Fact, derivation: Known) -> bool:
        claimed, index = step.lhs, index_of(step)
        if not isinstance(claimed, Var) or index is None:
            return False
        first, last = sp.Integer(self.first), next(own.upper for own in step.where if own.index == index)
        every = _from_one().with_range(index, first, last)
        rule = instance(derivation[self.recurrence], claimed, every)
        start = derivation[self.start]
        if rule is None or not isinstance(start.lhs, Var) or start.lhs.head != claimed.head:
            return False
        if start.where or not assumptions(step.where).proves(index, first):
            return False
        at_first = {index: first}
        base = put_in(reindex(rule, at_first), {start.lhs: start.rhs})
        earlier = reindex(step.rhs, {index: index - 1})
        later = _from_one().with_range(index, first + 1, last)
        return equal_under(reindex(step.rhs, at_first), base, _from_one()) and equal_under(
            step.rhs, put_in(rule, {claimed.at(index - 1): earlier}), later
        )


def _from_one() -> Domain:
    return Domain(LENGTHS)


@dataclass(frozen=True)
class Descent:
    """Induction on how far a recurrence has been substituted into itself, from t − 1 down to any earlier stop.

    The claim is a_t = F(stop), where F contains a_stop.  Base case: F(t − 1) is the recurrence itself.  Step: putting
    the recurrence into a_stop turns F(stop) into F(stop − 1).
    """

    recurrence: str
    stop: sp.Symbol

    @property
    def method(self) -> str:
        return f"induction on {self.stop}, downwards"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.recurrence,)

    def holds(self, step: Fact, derivation: Known) -> bool:
        claimed, fact = step.lhs, derivation[self.recurrence]
        stop = next((own for own in step.where if own.index == self.stop), None)
        if not isinstance(claimed, Var) or claimed.time is None or stop is None:
            return False
        top, all_stops = assumptions(own for own in step.where if own is not stop), assumptions(step.where)
        below = Domain((*all_stops.constraints, at_least(self.stop, stop.lower + 1)))
        rule = instance(fact, claimed, top)
        inner = instance(fact, claimed.at(self.stop), below)
        if rule is None or inner is None or not all_stops.proves(claimed.time - 1, self.stop):
            return False
        first = reindex(step.rhs, {self.stop: claimed.time - 1})
        next_one = reindex(step.rhs, {self.stop: self.stop - 1})
        substituted = put_in(step.rhs, {claimed.at(self.stop): inner})
        return equal_under(first, rule, top) and equal_under(substituted, next_one, below)
