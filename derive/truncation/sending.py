"""A step of the derived sweep with its adjoint given, and matrices applied to many columns."""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array
from derive.evaluate import Binding
from derive.expr import Node, Var
from derive.unroll import Place, Table, place


class Sending:
    """A forward pass with some adjoints given."""

    def __init__(self, forward: Table) -> None:
        self.table, self.sizes, self.arithmetic = forward, forward.sizes, forward.arithmetic
        self.known: dict[Place, Array] = {}
        self.chains: dict[object, tuple[int, Array]] = {}

    def leaf(self, node: Node, at: Binding) -> Array:
        if isinstance(node, Var):
            where = place(node, {**self.sizes, **at})
            if where in self.known:
                return self.known[where]
        return self.table.leaf(node, at)


def applied(matrices: Array, columns: Array) -> Array:
    """(B, n, m) times (…, B, m, K): the runs in front become columns, since one large product beats many small ones."""
    if columns.ndim == 3:
        return matrices @ columns
    runs, width = columns.shape[:-3], columns.shape[-1]
    flat = np.moveaxis(columns.reshape(-1, *columns.shape[-3:]), 0, -2)  # (B, m, R, K)
    found = matrices @ flat.reshape(*flat.shape[:2], -1)
    return np.moveaxis(found.reshape(*found.shape[:2], -1, width), -2, 0).reshape(*runs, *found.shape[:2], width)
