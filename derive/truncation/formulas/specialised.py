"""Proof by putting a number for a letter: what holds for every s holds for s = t − τ, where that is in range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.errors import ProofError
from derive.expr import Node
from derive.prover import Method
from derive.prover.facts import Fact, Known, assumptions, claimed_at
from derive.prover.unfolding import unfold
from derive.sums import Bound, reindex, rewrite, substitute
from derive.truncation.formulas.inequalities import inequalities, require


@dataclass(frozen=True)
class Specialised(Method):
    """The claim is the fact ``of`` with ``index`` = ``value``, at points for which the fact is stated."""

    of: str
    index: sp.Symbol
    value: sp.Expr

    @property
    def method(self) -> str:
        return f"{self.index} = {self.value}"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.of,)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        fact, at = known[self.of], {self.index: self.value}
        for ours, theirs in ((claim.lhs, fact.lhs), (claim.rhs, fact.rhs)):
            if ours != self._moved(theirs):
                raise ProofError(f"{self.of} says {self._moved(theirs)} there, not {ours}")
        allowed = inequalities(claim.where)
        for own in fact.where:
            index, low, high = (part.xreplace(at) for part in (own.index, own.lower, own.upper))
            require(index - low, allowed)
            require(high - index, allowed)
            yield f"{low} ≤ {index} ≤ {high}"

    def _moved(self, node: Node) -> Node:
        return reindex(node, {self.index: self.value})


@dataclass(frozen=True)
class Renaming(Method):
    """The fact ``of`` with the definitions ``using`` put in from right to left, at the variables ``at``.

    A definition is used where it is stated: its ranges are those of the claim, or follow from them.
    """

    of: str
    using: tuple[str, ...]

    @property
    def method(self) -> str:
        return "naming"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.of, *self.using)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        fact, allowed = known[self.of], inequalities(claim.where)
        named = claim.rhs
        for key, own in [(self.of, fact), *((key, known[key]) for key in self.using)]:
            for range_ in own.where:
                require(range_.index - range_.lower, allowed)
                require(range_.upper - range_.index, allowed)
            yield f"{key} is stated for every index of the claim"
        for key in self.using:
            named = substitute(named, {known[key].lhs: known[key].rhs})
        if (claim.lhs, named) != (fact.lhs, fact.rhs):
            raise ProofError(f"with the names written out the claim is {claim.lhs} = {named}, not {self.of}")
        yield f"with the names written out it is {self.of}"


@dataclass(frozen=True)
class Unfolded(Method):
    """The fact ``of`` with the definition ``using`` put in on its right-hand side, and nothing else changed."""

    of: str
    using: str

    @property
    def method(self) -> str:
        return "the definition put in"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.of, self.using)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        fact, domain = known[self.of], assumptions(claim.where)
        if fact.lhs != claim.lhs or not claimed_at(fact, None, domain):
            raise ProofError(f"{self.of} does not say what {claim.lhs} is, at every index of the claim")
        written = unfold(fact.rhs, (known[self.using],), domain)
        if not same(written, claim.rhs):
            raise ProofError(f"{self.of} with {self.using} put in is {written}, not {claim.rhs}")
        yield f"put {self.using} into {self.of}"


def same(one: Node, other: Node) -> bool:
    """Whether two expressions differ in the names of their bound indices at most."""
    return _numbered(one) == _numbered(other)


def _numbered(node: Node) -> Node:
    """Bound indices called by their depth."""
    return _at_depth(node, 0)


def _at_depth(node: Node, depth: int) -> Node:
    def renamed(part: Node) -> Node | None:
        if not isinstance(part, Bound):
            return None
        index = sp.Symbol(f"@{depth}", integer=True)
        body = reindex(part.body, {part.index: index})
        return type(part)(_at_depth(body, depth + 1), index, part.lower, part.upper)

    return rewrite(node, renamed)
