"""Proofs of an inequality from others: by the laws of norms, factor by factor, and by joining two of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import ProofError
from derive.expr import Node
from derive.growth.formulas.estimate import UnboundedError, norm_bound
from derive.growth.formulas.nodes import Size
from derive.growth.formulas.quantities import Known as Quantities
from derive.growth.formulas.step import GrowthStep, Relation
from derive.prover import Method
from derive.prover.facts import Fact, Known, assumptions, claimed_at
from derive.prover.normal_form import equal, why_equal
from derive.sums import OrderedProduct, reindex
from derive.theory import Theory


@dataclass(frozen=True)
class Laws(Method):
    """‖A‖ is at most what the laws for sums, products, diagonals and blocks make of it.

    ``definition`` is the key of an equation A = …, where A is a letter.
    """

    theory: Theory
    definition: str = ""

    method = "laws of the norm"
    orders = True

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.definition,) if self.definition else ()

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        if not isinstance(claim.lhs, Size):
            raise ProofError(f"{claim.lhs} is no norm")
        body = claim.lhs.body
        if self.definition:
            body = _defined(body, known[self.definition], claim)
            yield f"put in {self.definition}: {claim.lhs.body} = {body}"
        try:
            bound = norm_bound(body, Quantities(self.theory))
        except UnboundedError as error:
            raise ProofError(str(error)) from None
        yield f"by the laws of the norm it is at most {bound}"
        yield from why_equal(bound, claim.rhs, assumptions(claim.where))


@dataclass(frozen=True)
class Factorwise(Method):
    """‖c_j‖ ≤ g_j for every factor of ‖P‖ ≤ ∏ ‖c_j‖ makes ‖P‖ ≤ ∏ g_j, since no norm is negative."""

    product: str
    factor: str

    method = "factor by factor"
    orders = True

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.product, self.factor)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        whole, factor = (_inequality(known, key) for key in self.premises)
        domain = assumptions(claim.where)
        if whole.lhs != claim.lhs or not claimed_at(whole, None, domain):
            raise ProofError(f"{self.product} is about {whole.lhs}, not about {claim.lhs} at every index")
        norms = whole.rhs
        if not isinstance(norms, OrderedProduct):
            raise ProofError(f"{norms} is no product")
        (own,) = factor.where
        inside = domain.with_range(norms.index, norms.lower, norms.upper)
        here = {own.index: norms.index}
        if reindex(factor.lhs, here) != norms.body:
            raise ProofError(f"{self.factor} is about {factor.lhs}, not about the factors {norms.body}")
        if not (inside.proves(norms.index, own.lower) and inside.proves(own.upper, norms.index)):
            raise ProofError(f"{self.factor} is not claimed for every {norms.index}")
        yield f"{norms.body} ≤ {reindex(factor.rhs, here)} for every {norms.index}"
        bound = OrderedProduct(reindex(factor.rhs, here), norms.index, norms.lower, norms.upper)
        yield from why_equal(bound, claim.rhs, domain)


@dataclass(frozen=True)
class Joined(Method):
    """a ≤ b and b = c (or b ≤ c) make a ≤ c."""

    first: str
    second: str

    method = "joining two steps"
    orders = True

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.first, self.second)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        domain = assumptions(claim.where)
        left, right = known[self.first], known[self.second]
        for key, fact in ((self.first, left), (self.second, right)):
            if not isinstance(fact, GrowthStep) or not claimed_at(fact, None, domain):
                raise ProofError(f"{key} is not claimed for every index of the claim")
        for ours, theirs in ((claim.lhs, left.lhs), (left.rhs, right.lhs), (right.rhs, claim.rhs)):
            if not equal(ours, theirs, domain):
                raise ProofError(f"{ours} is not {theirs}")
        yield f"{left.lhs} ≤ {left.rhs} = {right.rhs}"


def _inequality(known: Known, key: str) -> GrowthStep:
    fact = known[key]
    if not isinstance(fact, GrowthStep) or fact.relation is not Relation.AT_MOST:
        raise ProofError(f"{key} is no inequality")
    return fact


def _defined(letter: Node, fact: Fact, claim: Fact) -> Node:
    """What an equation says that a letter is.  Raises ProofError where it is none, or not for every index."""
    equation = not isinstance(fact, GrowthStep) or fact.relation is Relation.EQUAL
    if fact.lhs != letter or not equation or not claimed_at(fact, None, assumptions(claim.where)):
        raise ProofError(f"nothing says what {letter} is at every index of the claim")
    return fact.rhs
