"""Matrix expressions with symbolic shapes.

SymPy's own matrix expressions fail here: ``MatrixExpr.diff`` asserts on every two-step tanh network, wrong shapes
are accepted, and ``Product`` multiplies in ascending order, which is the wrong order for a Jacobian chain.  So the
nodes are ours, and only dimensions, time indices and scalar functions are SymPy's.  They subclass ``sympy.Basic``:
traversal, ``free_symbols``, hashing and notebooks work on them as on any SymPy object.

A node checks its shape when it is built.  The classes here build exactly what they are told; the functions of
``derive.build`` simplify while they build, and the operators ``@ + - *`` call those.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import sympy as sp
from sympy.core.symbol import Str

from derive.errors import ShapeError
from derive.indices import scalar
from derive.node import Node as Node
from derive.node import make
from derive.node import shape_text as shape_text
from derive.node import shaped as shaped

ONE = sp.Integer(1)
NO_TIME = sp.Tuple()

Kind = Literal[
    "parameter", "state", "input", "target", "inner", "loss",  # what a model is made of
    "constant", "stack",  # a given vector without a time; all states of a step in one column
    "adjoint",  # the bar of another variable: the gradient of the summed loss with respect to it
    "local", "jacobian", "unknown", "seed", "weights",  # the letters b, c, a/delta, g and w of the general theory
]  # fmt: skip


class Var(Node):
    """A named matrix, possibly with a time index: W_h, h_t, c_{j}.

    ``kind`` is part of the name, so an LSTM's state c never meets the theory's Jacobian c_t.
    """

    def __new__(
        cls,
        name: str | Str,
        rows: sp.Expr | int,
        cols: sp.Expr | int = 1,
        time: sp.Expr | sp.Tuple | int = NO_TIME,
        kind: Kind | Str = "inner",
    ) -> Var:
        rows, cols, time = scalar(rows), scalar(cols), scalar(time)
        name = name if isinstance(name, Str) else Str(name)
        kind = kind if isinstance(kind, Str) else Str(kind)
        variable: Var = make(cls, (rows, cols), name, rows, cols, time, kind)
        variable.letter = (str(name.name), str(kind.name))
        return variable

    letter: tuple[str, str]
    """The name and the kind."""

    @property
    def name(self) -> str:
        return self.letter[0]

    @property
    def time(self) -> sp.Expr | None:
        return None if self.args[3] == NO_TIME else self.args[3]

    @property
    def kind(self) -> str:
        return self.letter[1]

    def at(self, time: sp.Expr | int) -> Var:
        """The same variable at another time."""
        return Var(self.args[0], self.shape[0], self.shape[1], time, self.args[4])

    @property
    def head(self) -> Var:
        """The variable without its time: the same for h_t and h_{t-1}."""
        return Var(self.args[0], self.shape[0], self.shape[1], NO_TIME, self.args[4])


class Fill(Node):
    """A matrix all of whose entries are one scalar: zeros, ones."""

    def __new__(cls, value: sp.Expr | int, rows: sp.Expr | int, cols: sp.Expr | int = 1) -> Fill:
        value, rows, cols = scalar(value), scalar(rows), scalar(cols)
        return make(cls, (rows, cols), value, rows, cols)

    @property
    def value(self) -> sp.Expr:
        return self.args[0]


class Identity(Node):
    def __new__(cls, size: sp.Expr | int) -> Identity:
        size = scalar(size)
        return make(cls, (size, size), size)


class Add(Node):
    def __new__(cls, *terms: Node) -> Add:
        for term in terms[1:]:
            if term.shape != terms[0].shape:
                raise ShapeError(f"cannot add {shaped(term)} to {shaped(terms[0])}")
        return make(cls, terms[0].shape, *terms)


class Scale(Node):
    """A SymPy scalar times a matrix."""

    def __new__(cls, factor: sp.Expr | int, body: Node) -> Scale:
        return make(cls, body.shape, scalar(factor), body)


class MatMul(Node):
    def __new__(cls, *factors: Node) -> MatMul:
        for left, right in pairwise(factors):
            if left.shape[1] != right.shape[0]:
                raise ShapeError(f"cannot multiply {shaped(left)} by {shaped(right)}")
        return make(cls, (factors[0].shape[0], factors[-1].shape[1]), *factors)


class Hadamard(Node):
    """The entrywise product."""

    def __new__(cls, *factors: Node) -> Hadamard:
        for factor in factors[1:]:
            if factor.shape != factors[0].shape:
                raise ShapeError(f"cannot multiply {shaped(factors[0])} entry by entry by {shaped(factor)}")
        return make(cls, factors[0].shape, *factors)


class Block(Node):
    """A matrix of matrices, given row by row: a row of blocks has one height, a column of blocks one width."""

    def __new__(cls, rows: sp.Integer | int, *blocks: Node) -> Block:
        rows = scalar(rows)
        width = len(blocks) // int(rows)
        if not blocks or width * int(rows) != len(blocks):
            raise ShapeError(f"{len(blocks)} blocks do not make {rows} rows")
        heights = [block.shape[0] for block in blocks[::width]]
        widths = [block.shape[1] for block in blocks[:width]]
        for place, block in enumerate(blocks):
            height, wide = heights[place // width], widths[place % width]
            if block.shape != (height, wide):
                raise ShapeError(f"{shaped(block)} does not fit into a row of height {height} and a column of {wide}")
        return make(cls, (sp.Add(*heights), sp.Add(*widths)), rows, *blocks)

    @property
    def rows(self) -> tuple[tuple[Node, ...], ...]:
        blocks, width = self.args[1:], (len(self.args) - 1) // int(self.args[0])
        return tuple(blocks[start : start + width] for start in range(0, len(blocks), width))

    @property
    def heights(self) -> tuple[sp.Expr, ...]:
        return tuple(row[0].shape[0] for row in self.rows)

    @property
    def widths(self) -> tuple[sp.Expr, ...]:
        return tuple(block.shape[1] for block in self.rows[0])


class Part(Node):
    """The rows of a stacked column that belong to one of the variables stacked in it.

    ``label`` names that variable, ``heights`` are those of the stack from the top, ``place`` counts it from zero.
    """

    def __new__(cls, body: Node, label: Str | str, heights: sp.Tuple, place: sp.Integer | int) -> Part:
        label, place = label if isinstance(label, Str) else Str(label), scalar(place)
        if sp.Add(*heights) != body.shape[0]:
            raise ShapeError(f"{shaped(body)} is not a stack of heights {', '.join(map(str, heights))}")
        return make(cls, (heights[int(place)], body.shape[1]), body, label, heights, place)

    @property
    def label(self) -> str:
        return str(self.args[1].name)

    @property
    def offset(self) -> sp.Expr:
        """How many rows stand above."""
        return sp.Add(*self.args[2][: int(self.args[3])])


class Transpose(Node):
    def __new__(cls, body: Node) -> Transpose:
        return make(cls, (body.shape[1], body.shape[0]), body)


class Diag(Node):
    """The diagonal matrix of a column."""

    def __new__(cls, column: Node) -> Diag:
        if column.shape[1] != ONE:
            raise ShapeError(f"diag needs a column, got {shaped(column)}")
        return make(cls, (column.shape[0], column.shape[0]), column)


class Kron(Node):
    def __new__(cls, left: Node, right: Node) -> Kron:
        (a, b), (c, d) = left.shape, right.shape
        return make(cls, (a * c, b * d), left, right)


class Vec(Node):
    """The columns of a matrix, stacked."""

    def __new__(cls, body: Node) -> Vec:
        return make(cls, (body.shape[0] * body.shape[1], ONE), body)


class Commutation(Node):
    """K with vec(Xᵀ) = K vec(X) for X of p x q (Magnus & Neudecker 1979)."""

    def __new__(cls, rows: sp.Expr, cols: sp.Expr) -> Commutation:
        return make(cls, (rows * cols, rows * cols), rows, cols)


def zeros(rows: sp.Expr | int, cols: sp.Expr | int = 1) -> Fill:
    return Fill(0, rows, cols)


def ones(rows: sp.Expr | int, cols: sp.Expr | int = 1) -> Fill:
    return Fill(1, rows, cols)


def is_zero(node: Node) -> bool:
    return isinstance(node, Fill) and node.value == 0


def is_scalar(node: Node) -> bool:
    return node.shape == (ONE, ONE)
