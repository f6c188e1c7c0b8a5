"""Algebra that a derivation uses as a step of its own, so that it is visible: cancelling 1/v against v."""

from __future__ import annotations

from derive.build import add, hadamard, matmul, scale, split_factor, transpose
from derive.expr import ONE, Add, Hadamard, MatMul, Node, is_scalar, ones
from derive.functions import reciprocal
from derive.nonlinear import Map
from derive.sums import rewrite


def cancel_reciprocals(node: Node) -> Node:
    """Use v ⊙ (1/v) = 1, also inside an inner product: vᵀ(u ⊙ 1/v) = 1ᵀu.  Holds where no entry of v is zero."""
    return positive_first(rewrite(_expanded(node), _cancelled))


def positive_first(node: Node) -> Node:
    """o − y rather than −y + o."""
    if not isinstance(node, Add):
        return node
    return add(*sorted(node.args, key=lambda term: bool(split_factor(term)[0].is_negative)))


def _expanded(node: Node) -> Node:
    """(A + B) ⊙ C and (A + B) C multiplied out, so that every 1/v stands beside its v."""
    parts = [_expanded(part) for part in node.parts]
    if isinstance(node, Hadamard | MatMul):
        build = hadamard if isinstance(node, Hadamard) else matmul
        for place, part in enumerate(parts):
            factor, body = split_factor(part)
            if isinstance(body, Add):
                terms = (build(*parts[:place], term, *parts[place + 1 :]) for term in body.args)
                return _expanded(scale(factor, add(*terms)))
        return build(*parts)
    return node if not isinstance(node, Add) else add(*parts)


def _cancelled(node: Node) -> Node | None:
    if isinstance(node, Hadamard):
        return _in_hadamard(list(node.args))
    if isinstance(node, MatMul):
        return _in_product(node)
    return None


def _inverse_of(node: Node) -> Node | None:
    return node.body if isinstance(node, Map) and node.function == reciprocal else None


def _in_hadamard(factors: list[Node]) -> Node | None:
    for factor in factors:
        inverse = _inverse_of(factor)
        if inverse is not None and inverse in factors:
            shape = factor.shape
            factors.remove(factor)
            factors.remove(inverse)
            return rewrite(hadamard(ones(*shape), *factors), _cancelled)
    return None


def _in_product(node: MatMul) -> Node | None:
    """A row times a column is a scalar: take both into one Hadamard product and sum its entries."""
    for place in range(len(node.args) - 1):
        row, column = node.args[place], node.args[place + 1]
        if row.shape[0] != ONE or column.shape[1] != ONE or is_scalar(row) or is_scalar(column):
            continue
        both = hadamard(transpose(row), column)
        simpler = _in_hadamard(list(both.args)) if isinstance(both, Hadamard) else None
        if simpler is not None:
            inner = matmul(ones(1, simpler.shape[0]), simpler)
            return matmul(*node.args[:place], inner, *node.args[place + 2 :])
    return None
