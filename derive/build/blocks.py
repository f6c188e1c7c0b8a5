"""Matrices of matrices: how they are built, and what is done to them block by block."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.expr import Block, Node, is_zero, zeros


def block(*rows: tuple[Node, ...]) -> Node:
    """A matrix of matrices; a single block is itself, and blocks that are all zero are zero."""
    blocks = [part for row in rows for part in row]
    if len(blocks) == 1:
        return blocks[0]
    whole = Block(len(rows), *blocks)
    return zeros(*whole.shape) if all(map(is_zero, blocks)) else whole


def each(node: Block, change: Callable[[Node], Node]) -> Node:
    """Every block changed, in its place."""
    return block(*(tuple(change(part) for part in row) for row in node.rows))


def combined(nodes: Sequence[Node], combine: Callable[..., Node]) -> Node | None:
    """Blocks of one partition combined block by block; None when any node is not such a block."""
    first = nodes[0]
    if not all(
        isinstance(node, Block) and (node.heights, node.widths) == (first.heights, first.widths) for node in nodes
    ):
        return None
    return Block(first.args[0], *(combine(*places) for places in zip(*(node.args[1:] for node in nodes), strict=True)))
