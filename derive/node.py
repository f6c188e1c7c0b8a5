"""The base of all matrix expressions: a SymPy object with a symbolic shape and operators."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import sympy as sp

from derive.indices import Shape


class Node(sp.Basic):
    """A matrix-valued expression.  ``shape`` is a pair of SymPy integers; column vectors are n x 1."""

    shape: Shape

    @property
    def parts(self) -> tuple[Node, ...]:
        """The sub-expressions that are matrices."""
        return tuple(a for a in self.args if isinstance(a, Node))

    @property
    def T(self) -> Node:  # noqa: N802 - the field's notation
        from derive.build import transpose

        return transpose(self)

    def __matmul__(self, other: Node) -> Node:
        from derive.build import matmul

        return matmul(self, other)

    def __add__(self, other: Node) -> Node:
        from derive.build import add

        return add(self, other)

    def __sub__(self, other: Node) -> Node:
        from derive.build import add, scale

        return add(self, scale(-1, other))

    def __neg__(self) -> Node:
        from derive.build import scale

        return scale(-1, self)

    def __mul__(self, other: Node) -> Node:
        from derive.build import hadamard

        return hadamard(self, other)

    def __rmul__(self, other: sp.Expr | int) -> Node:
        from derive.build import scale

        return scale(other, self)

    displays: ClassVar[dict[str, Callable[[Node], str]]] = {}
    """Printers by SymPy's name for them ("latex"); the layer that owns typesetting registers its own here."""

    def _latex(self, printer: object) -> str:
        return self.displays.get("latex", str)(self)

    def _repr_latex_(self) -> str:
        return f"${self._latex(None)}$"

    def _sympystr(self, printer: object) -> str:
        from derive.plain import plain

        return plain(self)

    _sympyrepr = _pretty = _sympystr

    def __str__(self) -> str:
        return self._sympystr(None)

    __repr__ = __str__


def make(cls: type, shape: Shape, *args: Any) -> Any:
    node = sp.Basic.__new__(cls, *args)
    node.shape = shape
    return node


def shape_text(node: Node) -> str:
    return f"{node.shape[0]}×{node.shape[1]}"


def shaped(node: Node) -> str:
    """An expression with its shape, for messages: ``W_h (n×n)``."""
    return f"{node} ({shape_text(node)})"
