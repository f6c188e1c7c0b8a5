"""Proofs by induction on the length of a product: of ‖·‖ from above, of σ_n from below, and of powers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.errors import ProofError
from derive.expr import Identity, Node, ones
from derive.growth.formulas.nodes import Least, Measure, Power, Size
from derive.prover import Method
from derive.prover.domain import affine
from derive.prover.facts import Fact, Known, assumptions, range_of
from derive.prover.normal_form import equal, why_equal
from derive.sums import OrderedProduct, reindex, rewrite

_INDEX = sp.Symbol("m", integer=True)


@dataclass(frozen=True)
class Submultiplicative(Method):
    """‖c_t ⋯ c_l‖ ≤ g_t ⋯ g_l where g_j is ‖c_j‖ itself, by induction on the last factor.

    The empty product: ‖I‖ = 1.  One more factor: ‖c_t P‖ ≤ ‖c_t‖ ‖P‖, and ‖c_t‖ ≥ 0 keeps the order.
    """

    index: sp.Symbol
    measure: type[Measure] = Size

    premises = ()
    orders = True

    @property
    def method(self) -> str:
        return f"induction on {self.index}"

    def _sides(self, claim: Fact) -> tuple[Node, Node]:
        """The measure of the product, and what it is compared with."""
        return claim.lhs, claim.rhs

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        measured, other = (as_product(side) for side in self._sides(claim))
        product = measured.body if isinstance(measured, self.measure) else None
        if not isinstance(product, OrderedProduct):
            raise ProofError(f"{measured} is no {self.measure.__name__.lower()} of a product")
        first = self._first(product)
        own = range_of(claim, self.index)
        domain = assumptions(claim.where)
        if not domain.proves(own.lower, first):
            raise ProofError(f"the claim goes below {self.index} = {first}, where the product is empty")
        begin = assumptions([r for r in claim.where if r.index != self.index])
        yield f"base case {self.index} = {first}: {self.measure(Identity(product.shape[0]))} = 1"
        yield from why_equal(reindex(other, {self.index: first}), ones(1, 1), begin, "the base case")
        last = self.measure(reindex(product.body, {product.index: product.upper}))
        before = reindex(other, {self.index: self.index - 1})
        yield f"induction step: one factor more is {last} times {before}"
        later = begin.with_range(self.index, first + 1, own.upper)
        yield from why_equal(other, last @ before, later, "the induction step")

    def _first(self, product: OrderedProduct) -> sp.Expr:
        """The value of the index for which the product is empty."""
        symbol, shift = affine(product.upper)
        if symbol != self.index or self.index in product.lower.free_symbols:
            raise ProofError(f"{self.index} does not lengthen {product} one by one")
        return product.lower - 1 - shift


@dataclass(frozen=True)
class Supermultiplicative(Submultiplicative):
    """σ_n(c_t) ⋯ σ_n(c_l) ≤ σ_n(c_t ⋯ c_l): ‖c_t P v‖ ≥ σ_n(c_t) ‖P v‖ for every v, and σ_n(I) = 1."""

    measure: type[Measure] = Least

    def _sides(self, claim: Fact) -> tuple[Node, Node]:
        return claim.rhs, claim.lhs


def as_product(node: Node) -> Node:
    """The same with every power written as a product: A^k = ∏_{m=1}^{k} A."""

    def written(part: Node) -> Node | None:
        if isinstance(part, Power):
            return OrderedProduct(as_product(part.base), _INDEX, 1, part.exponent)
        return None

    return rewrite(node, written)


@dataclass(frozen=True)
class Powers(Method):
    """∏_{j=l}^{u} A = A^{u−l+1}: both are I for u = l − 1, and both gain one factor A when u does."""

    method = "induction on the length"
    premises = ()

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        product, power = claim.lhs, claim.rhs
        if not isinstance(product, OrderedProduct) or not isinstance(power, Power):
            raise ProofError(f"{product} = {power} does not compare a product with a power")
        if product.index in product.body.free_symbols:
            raise ProofError(f"the factors of {product} are not the same at every {product.index}")
        if not equal(product.body, power.base, assumptions(claim.where)):
            raise ProofError(f"the factors are {product.body}, the base is {power.base}")
        if not assumptions(claim.where).proves(product.upper, product.lower - 1):
            raise ProofError(f"the range of {product} may be more than empty")
        length = sp.expand(product.upper - product.lower + 1)
        if sp.expand(length - power.exponent) != 0:
            raise ProofError(f"the product has {length} factors, the power {power.exponent}")
        yield f"empty for {product.upper} = {product.lower - 1}, where the exponent {power.exponent} is 0"
        yield f"one factor {power.base} more for every step of {product.upper}"
