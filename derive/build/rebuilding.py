"""A node built again from new arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from derive.build.additive import add, scale
from derive.build.blocks import block
from derive.build.elementwise import diag, hadamard
from derive.build.products import kron, matmul, vec
from derive.build.stacks import part
from derive.build.transposition import transpose
from derive.expr import Add, Block, Diag, Hadamard, Kron, MatMul, Node, Part, Scale, Transpose, Vec


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
