"""Matrix products, whose neighbours are merged where a law says so; Kronecker products, and products over time."""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp

from derive.build.additive import scale, split_factor, times
from derive.expr import ONE, Fill, Identity, Kron, MatMul, Node, Vec, is_scalar, is_zero, ones, zeros
from derive.sums import OrderedProduct

Law = Callable[[Node, Node], Node | None]
"""One node for two neighbours of a product, or None where the law does not speak of them."""

LAWS: list[Law] = []
"""The laws of ``derive.build.neighbours``, in the order in which they are tried."""


def neighbours(law: Law) -> Law:
    """Have a law used in every product that is built."""
    LAWS.append(law)
    return law


def matmul(*factors: Node) -> Node:
    """A B ⋯: flattened, scalars in front, identities dropped, neighbours merged where one of ``LAWS`` says so."""
    flat: list[Node] = []
    scalar: sp.Expr = ONE
    for factor in factors:
        own, body = split_factor(factor)
        scalar = times(scalar, own)
        flat.extend(body.args if isinstance(body, MatMul) else (body,))
    MatMul(*flat)
    shape = (flat[0].shape[0], flat[-1].shape[1])
    if any(is_zero(factor) for factor in flat):
        return zeros(*shape)
    kept: list[Node] = []
    for factor in flat:
        scalar = times(scalar, _push(kept, factor))
    if not kept:
        number = is_scalar(flat[0]) and any(isinstance(factor, Fill) for factor in flat)
        return scale(scalar, ones(1, 1) if number else Identity(shape[0]))
    return scale(scalar, kept[0] if len(kept) == 1 else MatMul(*kept))


def _push(kept: list[Node], factor: Node) -> sp.Expr:
    """Append a factor to a product, merging it with its left neighbour where a law allows; returns a scalar factor."""
    if isinstance(factor, Identity):
        return ONE
    if isinstance(factor, Fill) and is_scalar(factor):
        return factor.value
    if kept:
        for law in LAWS:
            merged = law(kept[-1], factor)
            if merged is not None:
                kept.pop()
                own, body = split_factor(merged)
                return times(own, _push(kept, body))
    kept.append(factor)
    return ONE


def kron(left: Node, right: Node) -> Node:
    """A ⊗ B, with scalars in front and 1 ⊗ A = A = A ⊗ 1."""
    (own_left, left), (own_right, right) = split_factor(left), split_factor(right)
    factor = own_left * own_right
    if is_zero(left) or is_zero(right):
        return zeros(left.shape[0] * right.shape[0], left.shape[1] * right.shape[1])
    if left == Identity(1):
        return scale(factor, right)
    if right == Identity(1):
        return scale(factor, left)
    if isinstance(left, Identity) and isinstance(right, Identity):
        return scale(factor, Identity(left.shape[0] * right.shape[0]))
    return scale(factor, Kron(left, right))


def vec(node: Node) -> Node:
    """vec(A); a column is its own vec."""
    return node if node.shape[1] == ONE else Vec(node)


def ordered_product(body: Node, index: sp.Symbol, lower: sp.Expr | int, upper: sp.Expr | int) -> OrderedProduct:
    """∏_{index=lower}^{upper} body, the later factor on the left."""
    return OrderedProduct(body, index, lower, upper)
