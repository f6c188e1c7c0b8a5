"""Proofs of the bound of a tail: the triangle inequality, pairs counted by lag, contraction, a geometric sum."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.build import matmul, scale, split_factor, transpose
from derive.errors import ProofError
from derive.expr import Fill, MatMul, Node
from derive.growth.formulas.nodes import Size
from derive.prover import Method
from derive.prover.facts import Fact, Known, Range, range_of
from derive.sums import Sum, reindex
from derive.truncation.formulas.inequalities import inequalities, require
from derive.truncation.formulas.specialised import same


@dataclass(frozen=True)
class Triangle(Method):
    """‖w Σ x b‖ ≤ w Σ ‖xᵀ‖ ‖b‖ for a number w ≥ 0: ‖A + B‖ ≤ ‖A‖ + ‖B‖, ‖A B‖ ≤ ‖A‖ ‖B‖ and ‖Aᵀ‖ = ‖A‖."""

    orders = True
    method = "triangle inequality"
    premises = ()

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        if not isinstance(claim.lhs, Size):
            raise ProofError(f"{claim.lhs} is no size")
        front, body = split_factor(claim.lhs.body)
        if not front.is_nonnegative:
            raise ProofError(f"{front} is not known to be at least 0")
        expected = scale(front, self._sizes(body))
        if not same(claim.rhs, expected):
            raise ProofError(f"the sizes of the terms together are {expected}, not {claim.rhs}")
        yield "the size of each term, and of each factor"

    def _sizes(self, node: Node) -> Node:
        if isinstance(node, Sum):
            return Sum(self._sizes(node.body), node.index, node.lower, node.upper)
        if isinstance(node, MatMul) and node.shape[0] == 1:
            *before, last = node.args
            if isinstance(last, Sum):
                inner = matmul(*before, last.body)
                return Sum(self._sizes(inner), last.index, last.lower, last.upper)
            return matmul(Size(transpose(matmul(*before))), Size(last))
        raise ProofError(f"{node} is no product of a row and a matrix")


@dataclass(frozen=True)
class ByLag(Method):
    """Σ_t Σ_i f(t, i) = Σ_l Σ_t f(t, t − l): the same pairs, by their lag; the fact ``of`` calls the inner sum φ_k."""

    of: str
    name: sp.Function
    length: sp.Expr
    method = "one set of pairs"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.of,)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        front, ours = split_factor(claim.lhs)
        fact, by_lag = known[self.of], claim.rhs
        if not isinstance(by_lag, Sum) or by_lag.body != Fill(self.name(by_lag.index), 1, 1):
            raise ProofError(f"{by_lag} is no sum of {self.name.__name__} over a lag")
        assert isinstance(fact.lhs, Fill)
        called = fact.lhs.value.args[0]
        weight, theirs = split_factor(reindex(fact.rhs, {called: by_lag.index}))
        if weight != front:
            raise ProofError(f"{self.of} has the weight {weight}, not {front}")
        self._stated(range_of(fact, called), by_lag, claim)
        yield from self._one_set(ours, theirs, by_lag, claim)

    def _stated(self, own: Range, by_lag: Sum, claim: Fact) -> None:
        """The definition of φ is stated for every lag of the sum."""
        known = (*inequalities(claim.where), *_ends(by_lag))
        require(by_lag.index - own.lower, known)
        require(own.upper - by_lag.index, known)

    def _one_set(self, ours: Node, theirs: Node, by_lag: Sum, claim: Fact) -> Iterator[str]:
        given, lag = inequalities(claim.where), by_lag.index
        outer, time = (
            (ours, ours.index) if isinstance(ours, Sum) and isinstance(ours.body, Sum) else (None, self.length)
        )
        inner = outer.body if outer is not None else ours
        if not isinstance(inner, Sum) or (outer is None) == isinstance(theirs, Sum):
            raise ProofError(f"{ours} and {theirs} are no sums over the same pairs")
        late = theirs.index if isinstance(theirs, Sum) else self.length
        body = theirs.body if isinstance(theirs, Sum) else theirs
        if reindex(inner.body, {inner.index: time - lag}) != reindex(body, {late: time} if outer is not None else {}):
            raise ProofError(f"at the lag {lag} the terms are {reindex(inner.body, {inner.index: time - lag})}")
        first = _ends(outer) + [end.xreplace({inner.index: time - lag}) for end in _ends(inner)]
        second = _ends(by_lag) + [end.xreplace({late: time}) for end in _ends(theirs if outer is not None else None)]
        for wanted, allowed in ((second, first), (first, second)):
            for end in wanted:
                require(end, (*given, *allowed))
        yield f"the pairs with {', '.join(f'{end} ≥ 0' for end in first)} are those with {lag} in its range"


def _ends(node: Node | None) -> list[sp.Expr]:
    """What is not negative within a sum."""
    return [node.index - node.lower, node.upper - node.index] if isinstance(node, Sum) else []


@dataclass(frozen=True)
class Contracts(Method):
    """φ_k ≤ φ_{k₀} β^{k−k₀} by induction on k, from φ_{k+1} ≤ β φ_k for k ≥ k₀."""

    of: str
    index: sp.Symbol
    first: sp.Symbol
    orders = True

    @property
    def method(self) -> str:
        return f"induction on {self.index}"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.of,)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        (ours, bound), (following, carried) = _values(claim), _values(known[self.of])
        if range_of(claim, self.index).lower != self.first or range_of(known[self.of], self.index).lower != self.first:
            raise ProofError(f"the induction begins at {self.first}, and the claim or {self.of} does not")
        rate = sp.cancel(carried / ours)
        if following != ours.subs(self.index, self.index + 1) or not rate.is_nonnegative or rate.has(self.index):
            raise ProofError(f"{self.of} does not say that {ours} shrinks by a fixed rate")
        if not _zero(bound.subs(self.index, self.first) - ours.subs(self.index, self.first)):
            raise ProofError(f"at {self.index} = {self.first} the bound is {bound.subs(self.index, self.first)}")
        yield f"base case {self.index} = {self.first}: both sides are equal"
        if not _zero(bound.subs(self.index, self.index + 1) - rate * bound):
            raise ProofError(f"the bound does not shrink by {rate} from {self.index} to {self.index + 1}")
        yield f"induction step: both are multiplied by {rate}, the left side by no more"


def _zero(expr: sp.Expr) -> bool:
    """Whether an expression in powers β^{k−k₀} is zero; β = 0 as the limit, with 0⁰ = 1."""
    positive = {own: sp.Dummy(own.name, positive=True) for own in expr.free_symbols if own.is_integer is None}
    return bool(sp.cancel(sp.together(sp.expand(expr.xreplace(positive), power_exp=True))) == 0)


def _values(fact: Fact) -> tuple[sp.Expr, sp.Expr]:
    """Both sides as numbers.  Raises ProofError for another kind."""
    if not isinstance(fact.lhs, Fill) or not isinstance(fact.rhs, Fill):
        raise ProofError(f"{fact.lhs} and {fact.rhs} are no numbers")
    return fact.lhs.value, fact.rhs.value


@dataclass(frozen=True)
class Geometric(Method):
    """Σ_{l=τ}^{u} f_l ≤ G(τ) where f_l ≤ g_l by the fact ``of``, and g_l = G(l) − G(l + 1) with G ≥ 0."""

    of: str
    lag: sp.Symbol
    index: sp.Symbol
    orders = True
    method = "geometric sum"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.of,)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        fact, whole = known[self.of], claim.lhs
        small, large = (side.subs(self.index, self.lag) for side in _values(fact))
        if not isinstance(whole, Sum) or not isinstance(whole.body, Fill) or not isinstance(claim.rhs, Fill):
            raise ProofError(f"{whole} is no sum of numbers")
        front = sp.cancel(whole.body.value / small)
        if not front.is_nonnegative:
            raise ProofError(f"the terms are not a number ≥ 0 times {small}")
        self._stated(fact, whole, claim)
        bound = claim.rhs.value.subs(whole.lower, self.lag) if whole.lower.is_Symbol else None
        if bound is None or not _zero(bound - bound.subs(self.lag, self.lag + 1) - front * large):
            raise ProofError(f"{claim.rhs} is no geometric sum of {front * large} from {whole.lower} on")
        yield f"each term is at most {front * large} = G({self.lag}) − G({self.lag} + 1) with G = {bound}"
        yield "the sum telescopes, and G at its end is not negative for 0 ≤ beta < 1"

    def _stated(self, fact: Fact, whole: Sum, claim: Fact) -> None:
        known = (*inequalities(claim.where), *_ends(whole))
        for own in fact.where:
            index, low, high = (part.xreplace({self.index: self.lag}) for part in (own.index, own.lower, own.upper))
            require(index - low, known)
            require(high - index, known)
