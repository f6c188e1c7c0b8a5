"""Rewriting that may cancel: v ⊙ (1/v) = 1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.build import add, hadamard, scale
from derive.errors import ProofError
from derive.expr import Node, zeros
from derive.prover.domain import Domain
from derive.prover.facts import Fact, Known, assumptions, claimed_at
from derive.prover.rewriting import Rewriting
from derive.simplify import Inverse, cancel_reciprocals


@dataclass(frozen=True)
class Cancelling(Rewriting):
    """Rewriting in which v ⊙ (1/v) = 1 may be used as well: it holds where no entry of v is zero.

    ``inverses`` are further pairs that cancel: u against v in what stands beside y, on the ground of a fact in
    ``facts`` that says y ⊙ (v − u) = 0, so that u = v wherever y is not zero.
    """

    inverses: tuple[Inverse, ...] = ()
    facts: tuple[str, ...] = ()

    @property
    def premises(self) -> tuple[str, ...]:
        return (*super().premises, *self.facts)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        domain = assumptions(claim.where)
        for pair in self.inverses:
            if not any(_grants(known[key], pair, domain) for key in self.facts):
                raise ProofError(f"nothing says that {pair.u} is {pair.v} where {pair.beside} is not zero")
        yield "where nothing that is divided by is zero, v * (1/v) = 1"
        yield from super().argue(claim, known)

    def prepared(self, side: Node) -> Node:
        return cancel_reciprocals(side, self.inverses)


def _grants(fact: Fact, pair: Inverse, domain: Domain) -> bool:
    """Whether a fact says that the two of a pair are equal wherever what stands beside them is not zero."""
    difference = hadamard(pair.beside, add(pair.v, scale(-1, pair.u)))
    return fact.lhs == difference and fact.rhs == zeros(*difference.shape) and claimed_at(fact, None, domain)
