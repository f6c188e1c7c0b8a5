"""An upper bound of ‖A‖ from the expression of A: one law a node, the rule's docstring is its law.

What comes out is an expression of shape 1×1 in γ = sup|φ′|, in the norms of parameters, and in numbers.  Where the
weights alone do not bound A, ``UnboundedError`` names what stands in the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import singledispatch

import sympy as sp

from derive.build import add, matmul, ordered_product, scale
from derive.errors import BpttError
from derive.expr import (
    ONE,
    Add,
    Block,
    Diag,
    Fill,
    Identity,
    Kron,
    MatMul,
    Node,
    Scale,
    Transpose,
    Var,
    ones,
    zeros,
)  # fmt: skip
from derive.growth.formulas.nodes import LargestEntry, Size
from derive.growth.formulas.quantities import Known as Known
from derive.growth.formulas.ranges import factors, span
from derive.sums import OrderedProduct


class UnboundedError(BpttError):
    """The weights alone do not bound it; ``because`` holds the quantities that may be of any size."""

    def __init__(self, because: Iterable[Node]) -> None:
        self.because = tuple(dict.fromkeys(because))
        super().__init__(f"not bounded by the weights alone: {', '.join(map(str, self.because))}")


Rule = Callable[[Node], Node]


def multiplied(numbers: Iterable[Node]) -> Node:
    """A product of 1×1 expressions, which commute: the letters γ first."""
    flat = [part for one in numbers for part in (one.args if isinstance(one, MatMul) else (one,))]
    return matmul(ones(1, 1), *sorted(flat, key=lambda part: not isinstance(part, Var)))


def _each(parts: Sequence[Node], rule: Rule) -> list[Node]:
    """The bounds of all parts.  Raises UnboundedError with the reasons of all of them."""
    found: list[Node] = []
    reasons: list[Node] = []
    for part in parts:
        try:
            found.append(rule(part))
        except UnboundedError as error:
            reasons += error.because
    if reasons:
        raise UnboundedError(reasons)
    return found


@singledispatch
def norm_bound(node: Node, known: Known) -> Node:
    """No law: nothing is known of its norm."""
    raise UnboundedError([node])


@norm_bound.register
def _(node: Var, known: Known) -> Node:
    """The norm of a parameter is what it is, and so is that of c_t; a softmax has norm at most 1."""
    if node in known.softmaxes:
        return ones(1, 1)
    if node.kind in ("parameter", "jacobian"):
        return Size(node)
    raise UnboundedError([node])


@norm_bound.register
def _(node: Identity, known: Known) -> Node:
    """‖I‖ = 1."""
    return ones(1, 1)


@norm_bound.register
def _(node: Fill, known: Known) -> Node:
    """‖v 1 1ᵀ‖ = |v| √(rows · columns)."""
    return Fill(sp.Abs(node.value) * sp.sqrt(node.shape[0] * node.shape[1]), 1, 1)


@norm_bound.register
def _(node: Diag, known: Known) -> Node:
    """‖diag(v)‖ = max_k |v_k|."""
    return largest(node.args[0], known)


@norm_bound.register
def _(node: Scale, known: Known) -> Node:
    """‖α A‖ = |α| ‖A‖."""
    return scale(sp.Abs(node.args[0]), norm_bound(node.args[1], known))


@norm_bound.register
def _(node: MatMul, known: Known) -> Node:
    """‖A B‖ ≤ ‖A‖ ‖B‖."""
    return multiplied(_each(node.args, lambda part: norm_bound(part, known)))


@norm_bound.register
def _(node: Add, known: Known) -> Node:
    """‖A + B‖ ≤ ‖A‖ + ‖B‖."""
    return add(*_each(node.args, lambda part: norm_bound(part, known)))


@norm_bound.register
def _(node: Transpose, known: Known) -> Node:
    """‖Aᵀ‖ = ‖A‖."""
    return norm_bound(node.args[0], known)


@norm_bound.register
def _(node: Kron, known: Known) -> Node:
    """‖A ⊗ B‖ = ‖A‖ ‖B‖."""
    return multiplied(_each(node.args, lambda part: norm_bound(part, known)))


@norm_bound.register
def _(node: Block, known: Known) -> Node:
    """‖(A_kl)‖ ≤ ‖(‖A_kl‖)‖: the norm of the matrix of the norms of the blocks."""
    norms = _each([block for row in node.rows for block in row], lambda part: norm_bound(part, known))
    return Size(Block(node.args[0], *norms))


@norm_bound.register
def _(node: OrderedProduct, known: Known) -> Node:
    """‖c_t ⋯ c_{i+1}‖ ≤ ‖c_t‖ ⋯ ‖c_{i+1}‖."""
    return ordered_product(norm_bound(node.body, known), node.index, node.lower, node.upper)


def largest(column: Node, known: Known) -> Node:
    """An upper bound of max_k |v_k|: slopes are at most γ, and what is left is bounded factor by factor."""
    if isinstance(column, Scale):
        return scale(sp.Abs(column.args[0]), largest(column.args[1], known))
    rest = Counter(factors(column))
    found: list[Node] = []
    for own in known.slopes:
        wanted = Counter(own.factors)
        while own.function in known.gammas and wanted <= rest:
            rest -= wanted
            found.append(known.gammas[own.function])
    left = [factor for factor in factors(column) if rest[factor]]  # in the author's order
    found += _each([f for factor in dict.fromkeys(left) for f in [factor] * rest[factor]], lambda f: _entry(f, known))
    return multiplied(found)


def _entry(factor: Node, known: Known) -> Node:
    """max |v_k| of one factor: a number from its span, the largest entry of a parameter, or a sum of such."""
    own = span(factor, known.spans)
    if own is not None:
        return Fill(sp.Max(*map(sp.Abs, own)), 1, 1)
    if isinstance(factor, Var) and factor.kind == "parameter" and factor.shape[1] == ONE:
        return LargestEntry(factor)
    if isinstance(factor, Add | Scale):
        parts = factor.args if isinstance(factor, Add) else (factor,)
        return add(*_each(parts, lambda part: largest(part, known)))
    raise UnboundedError(v for v in _unknown(factor, known))


def _unknown(factor: Node, known: Known) -> list[Node]:
    """The quantities in it that nothing bounds; the factor itself where it has none."""
    return [v for v in sp.preorder_traversal(factor) if isinstance(v, Var) and v not in known.spans][:1] or [factor]


def terms(node: Node) -> tuple[Node, ...]:
    """The additive terms of c_t, block by block."""
    if isinstance(node, Block):
        return tuple(term for row in node.rows for block in row for term in terms(block))
    if isinstance(node, Fill) and node == zeros(*node.shape):
        return ()
    return node.args if isinstance(node, Add) else (node,)
