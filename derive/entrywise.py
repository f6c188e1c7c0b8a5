"""Entrywise products in one form: multiplied out, and with their factors in one order, since they commute."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, singledispatch

import sympy as sp

from derive.build import hadamard
from derive.expr import ONE, Add, Fill, Hadamard, Node, Scale, ones

Monomial = tuple[sp.Expr, tuple[Node, ...]]


@singledispatch
def multiplied_out(node: Node) -> list[Monomial]:
    """A sum of (coefficient, factors) that a matrix is, entry by entry; no factors means all ones."""
    return [(ONE, (node,))]


@multiplied_out.register
def _(node: Add) -> list[Monomial]:
    return [monomial for term in node.args for monomial in multiplied_out(term)]


@multiplied_out.register
def _(node: Scale) -> list[Monomial]:
    return [(node.args[0] * coefficient, factors) for coefficient, factors in multiplied_out(node.args[1])]


@multiplied_out.register
def _(node: Fill) -> list[Monomial]:
    return [(node.value, ())] if node.value != 0 else []


@multiplied_out.register
def _(node: Hadamard) -> list[Monomial]:
    product: list[Monomial] = [(ONE, ())]
    for factor in node.args:
        product = [(a * b, left + right) for a, left in product for b, right in multiplied_out(factor)]
    return product


def in_order(factors: Sequence[Node], like: Node) -> Node:
    """The entrywise product of ``factors``, in the shape of ``like``, in an order that does not depend on theirs."""
    if not factors:
        return ones(*like.shape)
    return hadamard(*sorted(factors, key=_as_text))


@lru_cache(maxsize=1 << 16)
def _as_text(node: Node) -> str:
    return str(node)
