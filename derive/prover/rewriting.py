"""Proof by rewriting: known equations are put in, and both sides have one normal form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import ProofError
from derive.expr import Node, Var
from derive.prover.claim import Method
from derive.prover.domain import Domain
from derive.prover.facts import Fact, Known, assumptions, claimed_at, instance
from derive.prover.normal_form import why_equal
from derive.prover.unfolding import put_in, unfold, unfold_all
from derive.sums import walk


@dataclass(frozen=True)
class Rewriting(Method):
    """Both sides are equal once the named facts are put in.

    ``start`` is the key of a fact with the same left-hand side: its right-hand side is then rewritten instead.  ``at``
    limits the replacement to these variables ("substitute a_{t−1}"); without it every variable that ``using`` defines
    is replaced.  The facts of ``then`` are put in afterwards, on both sides.
    """

    using: tuple[str, ...] = ()
    start: str = ""
    then: tuple[str, ...] = ()
    at: tuple[Node, ...] = ()
    how: str = "rewriting"

    @property
    def method(self) -> str:
        return self.how

    @property
    def premises(self) -> tuple[str, ...]:
        return (*((self.start,) if self.start else ()), *self.using, *self.then)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        domain = assumptions(claim.where)
        facts, later = (tuple(known[key] for key in keys) for keys in (self.using, self.then))
        left, right = self._begun(claim, known, domain), claim.rhs
        if self.start:
            yield f"begin with {self.start}: {claim.lhs} = {left}"
        if self.at:
            table = _table(self.at, facts, domain)
            left = put_in(left, table)
            yield from (f"put in {old} = {new}" for old, new in table.items())
        else:
            left, right = unfold(left, facts, domain), unfold(right, facts, domain)
            yield from (f"put in {key}" for key in self.using)
        yield from (f"put in {key}" for key in self.then)
        left, right = (self.prepared(unfold_all(side, later, domain)) for side in (left, right))
        try:
            yield from why_equal(left, right, domain)
        except ProofError as error:
            raise ProofError("; ".join([str(error), *_left_standing((left, right), facts + later)])) from None

    def _begun(self, claim: Fact, known: Known, domain: Domain) -> Node:
        """What is rewritten: the left-hand side, or what another fact says that it is."""
        if not self.start:
            return claim.lhs
        earlier = known[self.start]
        if earlier.lhs != claim.lhs:
            raise ProofError(f"{self.start} is about {earlier.lhs}, not about {claim.lhs}")
        if not claimed_at(earlier, None, domain):
            raise ProofError(f"{self.start} is not claimed for every index of the claim")
        return earlier.rhs

    def prepared(self, side: Node) -> Node:
        """What else may be done to a side before the two are compared."""
        return side


def _table(parts: tuple[Node, ...], facts: tuple[Fact, ...], domain: Domain) -> dict[Node, Node]:
    """What the facts say that the parts are, at every point of the domain."""
    found = {part: new for part in parts for fact in facts if (new := _definition(fact, part, domain)) is not None}
    missing = [str(part) for part in parts if part not in found]
    if missing:
        raise ProofError(f"nothing says what {', '.join(missing)} is, at every index of the claim")
    return found


def _definition(fact: Fact, part: Node, domain: Domain) -> Node | None:
    if isinstance(part, Var):
        return instance(fact, part, domain)
    return fact.rhs if fact.lhs == part and claimed_at(fact, None, domain) else None


def _left_standing(sides: tuple[Node, ...], facts: tuple[Fact, ...]) -> list[str]:
    """The variables that the facts are about, but not there."""
    heads = {fact.lhs.head: fact for fact in facts if isinstance(fact.lhs, Var)}
    standing = (part for side in sides for part in walk(side) if isinstance(part, Var) and part.head in heads)
    return list(dict.fromkeys(f"nothing says what {part} is at every index of the claim" for part in standing))
