"""Proof by giving names: ∂h_t/∂w becomes a_t."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import ProofError
from derive.prover.claim import Method
from derive.prover.facts import Fact, Known, assumptions, claimed_at
from derive.prover.normal_form import why_equal
from derive.prover.unfolding import unfold


@dataclass(frozen=True)
class Naming(Method):
    """The names that the ``using`` facts give are put in on both sides of ``start``, at every time.

    A naming fact reads ``letter = long expression``; it is used from right to left.
    """

    using: tuple[str, ...]
    start: str

    @property
    def method(self) -> str:
        return "naming"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.start, *self.using)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        names, domain, earlier = [known[key] for key in self.using], assumptions(claim.where), known[self.start]
        if not claimed_at(earlier, None, domain):
            raise ProofError(f"{self.start} is not claimed for every index of the claim")
        if unfold(claim.lhs, names, domain) != unfold(earlier.lhs, names, domain):
            raise ProofError(f"{claim.lhs} is no other name of {earlier.lhs}, which {self.start} is about")
        yield f"begin with {self.start}: {earlier.lhs} = {earlier.rhs}"
        yield from (f"write out {key}" for key in self.using)
        yield from why_equal(unfold(claim.rhs, names, domain), unfold(earlier.rhs, names, domain), domain)
