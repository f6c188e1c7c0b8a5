"""Proof by taking numbers out of an ordered product: ∏_j (f_j M_j) = (∏_j f_j) ∏_j M_j, since numbers commute."""

from __future__ import annotations

from dataclasses import dataclass

import sympy as sp

from derive.build import matmul, ordered_product, scale
from derive.expr import Identity, Node, Scale
from derive.prover import Rewriting
from derive.sums import OrderedProduct, rewrite

_INDEX = sp.Symbol("j#", integer=True)


@dataclass(frozen=True)
class Weighing(Rewriting):
    """``Rewriting`` in which, on both sides, the scalars of a product's factors come out in front of it."""

    how: str = "numbers commute"

    def prepared(self, side: Node) -> Node:
        return pulled_out(side)


def pulled_out(node: Node) -> Node:
    """Every ordered product without scalars inside; the products of scalars with one name for their index."""

    def pulled(part: Node) -> Node | None:
        if isinstance(part, Scale):
            return scale(_named(part.args[0]), pulled_out(part.args[1]))
        if isinstance(part, OrderedProduct) and isinstance(part.body, Scale):
            factor, body = part.body.args
            whole = _named(sp.Product(factor, (part.index, part.lower, part.upper)))
            inner = pulled_out(body)
            kept = inner if isinstance(inner, Identity) else ordered_product(inner, part.index, part.lower, part.upper)
            return matmul(scale(whole, Identity(part.shape[0])), kept)
        return None

    return rewrite(node, pulled)


def _named(scalar: sp.Expr) -> sp.Expr:
    """A product of numbers with its bound index called j#."""

    def renamed(product: sp.Product) -> sp.Expr:
        (index, low, high) = product.limits[0]
        return sp.Product(product.function.xreplace({index: _INDEX}), (_INDEX, low, high))

    return scalar.replace(lambda part: isinstance(part, sp.Product), renamed)
