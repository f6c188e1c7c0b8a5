"""Constructors that simplify while they build: the whole simplifier of matrix expressions.

Each applies only laws that hold for every shape and every value.  The author's order of terms and factors is kept.
Nothing is ever distributed: a product of a sum stays one, so that a printed line looks as it was written.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derive.expr import (
    ONE,
    Add,
    Block,
    Diag,
    Fill,
    Hadamard,
    Identity,
    Kron,
    MatMul,
    Node,
    Part,
    Scale,
    Transpose,
    Vec,
    is_scalar,
    is_zero,
    ones,
    zeros,
)
from derive.functions import Elementwise, exp, reciprocal
from derive.nonlinear import Map, Softmax
from derive.sums import OrderedProduct, Sum


def split_factor(node: Node) -> tuple[sp.Expr, Node]:
    """The scalar in front of a node, and the rest."""
    return (node.args[0], node.args[1]) if isinstance(node, Scale) else (ONE, node)


def scale(factor: sp.Expr | int, body: Node) -> Node:
    """c·A, with c·(d·A) = (cd)·A, 1·A = A and 0·A = 0."""
    inner, body = split_factor(body)
    factor = sp.sympify(factor) * inner
    if factor == 1:
        return body
    if factor == 0:
        return zeros(*body.shape)
    if isinstance(body, Fill):
        return Fill(factor * body.value, *body.shape)
    if isinstance(body, Add):
        return add(*(scale(factor, term) for term in body.args))
    if isinstance(body, Block):
        return _each(body, lambda block: scale(factor, block))
    return Scale(factor, body)


def add(*terms: Node) -> Node:
    """A + B + …: flattened, like terms collected in the order of their first appearance, zeros dropped."""
    Add(*terms)  # the shape check, on what the caller wrote
    collected: dict[Node, sp.Expr] = {}
    for term in terms:
        for part in term.args if isinstance(term, Add) else (term,):
            factor, body = (part.value, ones(*part.shape)) if isinstance(part, Fill) else split_factor(part)
            collected[body] = collected.get(body, sp.Integer(0)) + factor
    kept = [scale(factor, body) for body, factor in collected.items() if factor != 0]
    if not kept:
        return zeros(*terms[0].shape)
    return kept[0] if len(kept) == 1 else _added_blocks(kept) or Add(*kept)


def _added_blocks(terms: list[Node]) -> Node | None:
    """Blocks of one partition are added block by block; None when any term is not such a block."""
    first = terms[0]
    if not all(
        isinstance(term, Block) and (term.heights, term.widths) == (first.heights, first.widths) for term in terms
    ):
        return None
    return Block(first.args[0], *(add(*places) for places in zip(*(term.args[1:] for term in terms), strict=True)))


def _partition(node: Block) -> tuple[tuple[sp.Expr, ...], tuple[sp.Expr, ...]]:
    return node.heights, node.widths


def block(*rows: tuple[Node, ...]) -> Node:
    """A matrix of matrices; a single block is itself, and blocks that are all zero are zero."""
    blocks = [part for row in rows for part in row]
    if len(blocks) == 1:
        return blocks[0]
    whole = Block(len(rows), *blocks)
    return zeros(*whole.shape) if all(map(is_zero, blocks)) else whole


def stack(*columns: Node) -> Node:
    """Columns (or matrices of one width) on top of each other; a single one is itself."""
    return block(*((column,) for column in columns))


def part(body: Node, label: Any, heights: sp.Tuple, place: int) -> Node:
    """The rows of one stacked variable; of a block with these heights it is the block itself."""
    if len(heights) == 1:
        return body
    if is_zero(body):
        return zeros(heights[place], body.shape[1])
    if isinstance(body, Block) and body.heights == tuple(heights):
        return block(body.rows[int(place)])
    if isinstance(body, Add):
        return add(*(part(term, label, heights, place) for term in body.args))
    factor, inner = split_factor(body)
    return scale(factor, Part(inner, label, heights, place))


def _each(node: Block, change: Callable[[Node], Node]) -> Node:
    return block(*(tuple(change(part) for part in row) for row in node.rows))


def matmul(*factors: Node) -> Node:
    """A B ⋯: flattened, scalars in front, identities dropped, neighbours merged where a law below says so."""
    flat: list[Node] = []
    scalar: sp.Expr = ONE
    for factor in factors:
        own, body = split_factor(factor)
        scalar *= own
        flat.extend(body.args if isinstance(body, MatMul) else (body,))
    MatMul(*flat)
    shape = (flat[0].shape[0], flat[-1].shape[1])
    if any(is_zero(factor) for factor in flat):
        return zeros(*shape)
    kept: list[Node] = []
    for factor in flat:
        scalar *= _push(kept, factor)
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
        for law in _NEIGHBOURS:
            merged = law(kept[-1], factor)
            if merged is not None:
                kept.pop()
                own, body = split_factor(merged)
                return own * _push(kept, body)
    kept.append(factor)
    return ONE


def _diag_diag(left: Node, right: Node) -> Node | None:
    """diag(u) diag(v) = diag(u ⊙ v)."""
    both = isinstance(left, Diag) and isinstance(right, Diag)
    return diag(hadamard(left.args[0], right.args[0])) if both else None


def _diag_column(left: Node, right: Node) -> Node | None:
    """diag(u) v = u ⊙ v."""
    return hadamard(left.args[0], right) if isinstance(left, Diag) and right.shape[1] == ONE else None


def _block_block(left: Node, right: Node) -> Node | None:
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


def _row_diag(left: Node, right: Node) -> Node | None:
    """vᵀ diag(u) = (v ⊙ u)ᵀ."""
    fits = isinstance(right, Diag) and left.shape[0] == ONE
    return transpose(hadamard(transpose(left), right.args[0])) if fits else None


def _softmax_definition(left: Node, right: Node) -> Node | None:
    """(1 / 1ᵀexp(z)) exp(z)ᵀ = softmax(z)ᵀ."""
    body = transpose(right)
    if not (isinstance(body, Map) and body.function == exp):
        return None
    total = Map(reciprocal, ones(1, body.shape[0]) @ body)
    return transpose(Softmax(body.body)) if left == total else None


_NEIGHBOURS: tuple[Callable[[Node, Node], Node | None], ...] = (
    _diag_diag,
    _diag_column,
    _row_diag,
    _softmax_definition,
    _block_block,
)


def hadamard(*factors: Node) -> Node:
    """A ⊙ B ⊙ …: flattened, scalars in front, all-ones dropped."""
    Hadamard(*factors)
    flat: list[Node] = []
    scalar: sp.Expr = ONE
    for factor in factors:
        own, body = split_factor(factor)
        scalar *= own
        for part in body.args if isinstance(body, Hadamard) else (body,):
            if isinstance(part, Fill):
                scalar *= part.value
            else:
                flat.append(part)
    if scalar == 0:
        return zeros(*factors[0].shape)
    if not flat:
        return Fill(scalar, *factors[0].shape)
    return scale(scalar, flat[0] if len(flat) == 1 else Hadamard(*flat))


def transpose(node: Node) -> Node:
    """Aᵀ, pushed inwards: (AB)ᵀ = Bᵀ Aᵀ.  A transposed ordered product stays one node."""
    if is_scalar(node) or isinstance(node, Diag | Identity):
        return node
    if isinstance(node, Transpose):
        inner: Node = node.args[0]
        return inner
    if isinstance(node, Fill):
        return Fill(node.value, node.shape[1], node.shape[0])
    if isinstance(node, Scale):
        return scale(node.args[0], transpose(node.args[1]))
    if isinstance(node, Block):
        return block(*(tuple(transpose(part) for part in column) for column in zip(*node.rows, strict=True)))
    if isinstance(node, Sum):
        return Sum(transpose(node.body), *node.args[1:])
    if isinstance(node, MatMul):
        return matmul(*(transpose(factor) for factor in reversed(node.args)))
    if isinstance(node, Add | Hadamard | Kron):
        return rebuild(type(node), tuple(transpose(part) for part in node.args))
    return Transpose(node)


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


def diag(column: Node) -> Node:
    """diag(v), with diag(c·1) = c·I."""
    if is_scalar(column):
        return column
    if isinstance(column, Fill):
        return scale(column.value, Identity(column.shape[0]))
    factor, body = split_factor(column)
    return scale(factor, Diag(body))


def vec(node: Node) -> Node:
    """vec(A); a column is its own vec."""
    return node if node.shape[1] == ONE else Vec(node)


def polynomial(coefficients: sp.Poly, value: Node) -> Node:
    """A polynomial of the entries of ``value``, in ascending powers: 1 − y ⊙ y; common powers in front: y ⊙ (1 − y)."""
    if coefficients.is_zero:
        return zeros(*value.shape)
    lowest = min(power for (power,), _ in coefficients.terms())
    terms = []
    for (power,), factor in reversed(coefficients.terms()):
        rest = power - lowest
        terms.append(scale(factor, hadamard(*[value] * rest) if rest else ones(*value.shape)))
    return hadamard(*[value] * lowest, add(*terms))


def ordered_product(body: Node, index: sp.Symbol, lower: sp.Expr | int, upper: sp.Expr | int) -> OrderedProduct:
    """∏_{index=lower}^{upper} body, the later factor on the left."""
    return OrderedProduct(body, index, lower, upper)


def apply(function: Elementwise, body: Node) -> Node:
    """f(A) entry by entry."""
    return Map(function, body)


def _block_of(rows: sp.Integer, *blocks: Node) -> Node:
    width = len(blocks) // int(rows)
    return block(*(blocks[start : start + width] for start in range(0, len(blocks), width)))


_SIMPLIFYING: dict[type, Callable[..., Node]] = {
    Add: add, Scale: scale, MatMul: matmul, Hadamard: hadamard, Transpose: transpose,
    Kron: kron, Diag: diag, Vec: vec, Block: _block_of, Part: part,
}  # fmt: skip


def rebuild(cls: type[Node], args: tuple[Any, ...]) -> Node:
    """A node of type ``cls`` from new arguments, simplified where its type knows how."""
    return _SIMPLIFYING.get(cls, cls)(*args)
