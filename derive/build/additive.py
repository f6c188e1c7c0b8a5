"""Sums and scalar multiples."""

from __future__ import annotations

import sympy as sp

from derive.build.blocks import combined, each
from derive.expr import ONE, Add, Block, Fill, Node, Scale, ones, zeros
from derive.indices import scalar


def split_factor(node: Node) -> tuple[sp.Expr, Node]:
    """The scalar in front of a node, and the rest."""
    return (node.args[0], node.args[1]) if isinstance(node, Scale) else (ONE, node)


def times(left: sp.Expr, right: sp.Expr) -> sp.Expr:
    """The product of two scalars, either of which is nearly always one."""
    if left is ONE:
        return right
    return left if right is ONE else left * right


def scale(factor: sp.Expr | int, body: Node) -> Node:
    """c·A, with c·(d·A) = (cd)·A, 1·A = A and 0·A = 0."""
    inner, body = split_factor(body)
    factor = times(scalar(factor), inner)
    if factor == 1:
        return body
    if factor == 0:
        return zeros(*body.shape)
    if isinstance(body, Fill):
        return Fill(factor * body.value, *body.shape)
    if isinstance(body, Add):
        return add(*(scale(factor, term) for term in body.args))
    if isinstance(body, Block):
        return each(body, lambda block: scale(factor, block))
    return Scale(factor, body)


def add(*terms: Node) -> Node:
    """A + B + …: flattened, like terms collected in the order of their first appearance, zeros dropped."""
    Add(*terms)  # the shape check, on what the caller wrote
    collected: dict[Node, sp.Expr] = {}
    for term in terms:
        for part in term.args if isinstance(term, Add) else (term,):
            factor, body = (part.value, ones(*part.shape)) if isinstance(part, Fill) else split_factor(part)
            collected[body] = collected[body] + factor if body in collected else factor
    kept = [scale(factor, body) for body, factor in collected.items() if factor != 0]
    if not kept:
        return zeros(*terms[0].shape)
    return kept[0] if len(kept) == 1 else combined(kept, add) or Add(*kept)
