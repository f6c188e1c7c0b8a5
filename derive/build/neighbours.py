"""The laws by which two neighbours of a matrix product are merged; each one's docstring is its law."""

from __future__ import annotations

from derive.build.additive import add
from derive.build.blocks import block
from derive.build.elementwise import diag, hadamard
from derive.build.products import matmul, neighbours
from derive.build.transposition import transpose
from derive.expr import ONE, Block, Diag, Node, ones
from derive.functions import exp, reciprocal
from derive.nonlinear import Map, Softmax


@neighbours
def diag_diag(left: Node, right: Node) -> Node | None:
    """diag(u) diag(v) = diag(u ⊙ v)."""
    both = isinstance(left, Diag) and isinstance(right, Diag)
    return diag(hadamard(left.args[0], right.args[0])) if both else None


@neighbours
def diag_column(left: Node, right: Node) -> Node | None:
    """diag(u) v = u ⊙ v."""
    return hadamard(left.args[0], right) if isinstance(left, Diag) and right.shape[1] == ONE else None


@neighbours
def row_diag(left: Node, right: Node) -> Node | None:
    """vᵀ diag(u) = (v ⊙ u)ᵀ."""
    fits = isinstance(right, Diag) and left.shape[0] == ONE
    return transpose(hadamard(transpose(left), right.args[0])) if fits else None


@neighbours
def softmax_definition(left: Node, right: Node) -> Node | None:
    """(1 / 1ᵀexp(z)) exp(z)ᵀ = softmax(z)ᵀ."""
    body = transpose(right)
    if not (isinstance(body, Map) and body.function == exp):
        return None
    total = Map(reciprocal, ones(1, body.shape[0]) @ body)
    return transpose(Softmax(body.body)) if left == total else None


@neighbours
def block_block(left: Node, right: Node) -> Node | None:
    """Blocks multiply like entries, where the partitions fit."""
    if not (isinstance(left, Block) and isinstance(right, Block) and left.widths == right.heights):
        return None
    columns = list(zip(*right.rows, strict=True))
    return block(
        *(
            tuple(add(*(matmul(a, b) for a, b in zip(row, column, strict=True))) for column in columns)
            for row in left.rows
        )
    )
