"""A cell under other names and sizes: the layers of a stack, the encoder beside the decoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import sympy as sp

from derive.cell import Cell, Equation
from derive.expr import Node, Var
from derive.sums import rewrite


def renamed(cell: Cell, name: Callable[[str], str], sizes: Mapping[sp.Symbol, sp.Expr] | None = None) -> Cell:
    """The same cell with other sizes, and ``name`` applied to every name but those of the output and of constants."""
    swap = dict(sizes or {})

    def variable(old: Var) -> Var:
        if old.kind == "constant" or (cell.feedback is not None and old.head == cell.feedback.head):
            return old
        rows, cols = (size.xreplace(swap) for size in old.shape)
        return Var(name(old.name), rows, cols, old.args[3], old.args[4])

    def in_new_names(node: Node) -> Node:
        return rewrite(node, lambda part: variable(part) if isinstance(part, Var) else _resized(part, swap))

    return replace(
        cell,
        states=tuple(map(variable, cell.states)),
        inputs=tuple(map(variable, cell.inputs)),
        parameters=tuple(map(variable, cell.parameters)),
        equations=tuple(Equation(variable(e.target), in_new_names(e.expression)) for e in cell.equations),
        pytorch={name(ours): theirs for ours, theirs in cell.pytorch.items()},
        visible=None if cell.visible is None else variable(cell.visible),
    )


def _resized(part: Node, swap: Mapping[sp.Symbol, sp.Expr]) -> Node | None:
    """A constant whose size is a dimension, in the new one."""
    if part.parts or not part.free_symbols & swap.keys():
        return None
    new: Node = part.func(*(arg.xreplace(dict(swap)) for arg in part.args))
    return new
