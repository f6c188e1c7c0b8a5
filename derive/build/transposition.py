"""Aᵀ, pushed inwards: one rule a node, whose docstring is its law."""

from __future__ import annotations

from functools import singledispatch

from derive.build.additive import add, scale
from derive.build.blocks import block
from derive.build.elementwise import hadamard
from derive.build.products import kron, matmul
from derive.expr import Add, Block, Diag, Fill, Hadamard, Identity, Kron, MatMul, Node, Scale, Transpose, is_scalar
from derive.sums import Sum


def transpose(node: Node) -> Node:
    """Aᵀ; a scalar is its own transpose.  A transposed variable or ordered product stays one node."""
    return node if is_scalar(node) else _transposed(node)


@singledispatch
def _transposed(node: Node) -> Node:
    return Transpose(node)


@_transposed.register(Diag)
@_transposed.register(Identity)
def _(node: Node) -> Node:
    """diag(v)ᵀ = diag(v)."""
    return node


@_transposed.register
def _(node: Transpose) -> Node:
    """(Aᵀ)ᵀ = A."""
    inner: Node = node.args[0]
    return inner


@_transposed.register
def _(node: Fill) -> Node:
    return Fill(node.value, node.shape[1], node.shape[0])


@_transposed.register
def _(node: Scale) -> Node:
    """(cA)ᵀ = c Aᵀ."""
    return scale(node.args[0], transpose(node.args[1]))


@_transposed.register
def _(node: Block) -> Node:
    return block(*(tuple(transpose(part) for part in column) for column in zip(*node.rows, strict=True)))


@_transposed.register
def _(node: Sum) -> Node:
    """(Σ A)ᵀ = Σ Aᵀ."""
    return Sum(transpose(node.body), *node.args[1:])


@_transposed.register
def _(node: MatMul) -> Node:
    """(AB)ᵀ = Bᵀ Aᵀ."""
    return matmul(*(transpose(factor) for factor in reversed(node.args)))


@_transposed.register
def _(node: Add) -> Node:
    """(A + B)ᵀ = Aᵀ + Bᵀ."""
    return add(*map(transpose, node.args))


@_transposed.register
def _(node: Hadamard) -> Node:
    """(A ⊙ B)ᵀ = Aᵀ ⊙ Bᵀ."""
    return hadamard(*map(transpose, node.args))


@_transposed.register
def _(node: Kron) -> Node:
    """(A ⊗ B)ᵀ = Aᵀ ⊗ Bᵀ."""
    return kron(*map(transpose, node.args))
