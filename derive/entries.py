"""The index form: one entry of a matrix expression, written with sums over indices.

``entry(A B, i, j)`` is Σ_l A_{il} B_{lj}, down to entries of named variables, so that the result can be printed as a
textbook prints it and evaluated as any other expression.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import singledispatch

import sympy as sp

from derive.build import add, hadamard, scale
from derive.expr import ONE, Add, Diag, Fill, Hadamard, Identity, MatMul, Node, Scale, Transpose
from derive.indices import entry_index, scalar
from derive.node import make
from derive.nonlinear import Map
from derive.sums import Sum

FIRST = sp.Integer(1)


class Entry(Node):
    """A_{row, col}, one-based as in print."""

    def __new__(cls, body: Node, row: sp.Expr, col: sp.Expr) -> Entry:
        return make(cls, (ONE, ONE), body, scalar(row), scalar(col))

    @property
    def body(self) -> Node:
        return self.args[0]

    @property
    def row(self) -> sp.Expr:
        return self.args[1]

    @property
    def col(self) -> sp.Expr:
        return self.args[2]


Names = Iterator[sp.Symbol]


def summation_names() -> Names:
    """l, l1, l2 …: fresh names of summed indices."""
    yield entry_index("l")
    for number in range(1, 100):
        yield entry_index(f"l{number}")


@singledispatch
def entry(node: Node, row: sp.Expr, col: sp.Expr, names: Names) -> Node:
    """The entry (row, col) of ``node``.  A node that has no rule keeps the entry sign: (A)_{row, col}."""
    return Entry(node, row, col)


@entry.register
def _(node: Fill, row: sp.Expr, col: sp.Expr, names: Names) -> Node:
    return Fill(node.value, 1, 1)


@entry.register
def _(node: Add, row: sp.Expr, col: sp.Expr, names: Names) -> Node:
    """(A + B)_{ij} = A_{ij} + B_{ij}."""
    return add(*(entry(term, row, col, names) for term in node.args))


@entry.register
def _(node: Scale, row: sp.Expr, col: sp.Expr, names: Names) -> Node:
    return scale(node.args[0], entry(node.args[1], row, col, names))


@entry.register
def _(node: Hadamard, row: sp.Expr, col: sp.Expr, names: Names) -> Node:
    """(A ⊙ B)_{ij} = A_{ij} B_{ij}."""
    return hadamard(*(entry(factor, row, col, names) for factor in node.args))


@entry.register
def _(node: Transpose, row: sp.Expr, col: sp.Expr, names: Names) -> Node:
    """(Aᵀ)_{ij} = A_{ji}."""
    return entry(node.args[0], col, row, names)


@entry.register
def _(node: Map, row: sp.Expr, col: sp.Expr, names: Names) -> Node:
    return Map(node.function, entry(node.body, row, col, names))


@entry.register
def _(node: Sum, row: sp.Expr, col: sp.Expr, names: Names) -> Node:
    return Sum(entry(node.body, row, col, names), *node.args[1:])


@entry.register
def _(node: MatMul, row: sp.Expr, col: sp.Expr, names: Names) -> Node:
    """(A B)_{ij} = Σ_l A_{il} B_{lj}; a diagonal factor and an outer product need no sum."""
    first, rest = node.args[0], node.args[1:]
    others = MatMul(*rest) if len(rest) > 1 else rest[0]
    if isinstance(first, Diag):
        return hadamard(entry(first.args[0], row, FIRST, names), entry(others, row, col, names))
    if first.shape[1] == ONE:
        return hadamard(entry(first, row, FIRST, names), entry(others, FIRST, col, names))
    index = next(names)
    body = hadamard(entry(first, row, index, names), entry(others, index, col, names))
    return Sum(body, index, 1, first.shape[1])


@entry.register
def _(node: Identity, row: sp.Expr, col: sp.Expr, names: Names) -> Node:
    return Fill(sp.KroneckerDelta(row, col), 1, 1)
