"""Columns on top of each other, and the rows of one of them."""

from __future__ import annotations

from typing import Any

import sympy as sp

from derive.build.additive import add, scale, split_factor
from derive.build.blocks import block
from derive.expr import Add, Block, Node, Part, is_zero, zeros


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
