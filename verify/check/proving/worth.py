"""Symbolic counterparts of the judge's values: nodes that remember whether they are derivatives, and their layout.

The rules are those of ``verify.check.values``: derivatives are chained as maps, whatever the layout, and only where one
meets a matrix does the convention say how it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import sympy as sp

from derive.build import add, matmul, scale, transpose
from derive.expr import ONE, Node
from derive.sums import OrderedProduct
from verify.check.proving.conditions import UntranslatableError


@dataclass(frozen=True)
class Worth:
    """``node`` has a row for every entry of what it is the derivative of; ``is_map``: it is a derivative.

    ``by_weights``: by a parameter, which may be a matrix, so that it has no layout of its own.
    """

    node: Node
    is_map: bool = False
    by_weights: bool = False


Part: TypeAlias = "Worth | sp.Expr"
"""A matrix, or a number."""


def laid_out(value: Worth, denominator: bool) -> Iterator[Node]:
    """The ways in which the convention may write it, the usual one first."""
    if not value.is_map:
        yield value.node
    elif value.by_weights:
        return
    elif value.node.shape[0] == ONE:  # a number by a vector, as a column or as a row
        yield transpose(value.node)
        yield value.node
    else:
        yield transpose(value.node) if denominator else value.node


def times(left: Part, right: Part, denominator: bool) -> Part:
    """Raises UntranslatableError where nothing fits."""
    if isinstance(left, sp.Expr) and isinstance(right, sp.Expr):
        return left * right
    if isinstance(left, sp.Expr) or isinstance(right, sp.Expr):
        number, other = (left, right) if isinstance(left, sp.Expr) else (right, left)
        return _scaled(other, number)
    if left.is_map and right.is_map:
        first, second = (right, left) if denominator else (left, right)
        if first.node.shape[1] == second.node.shape[0]:
            return Worth(matmul(first.node, second.node), True, second.by_weights)
    found = _beside(left, right, denominator)
    if found is not None:
        return found
    for one in laid_out(left, denominator):
        for two in laid_out(right, denominator):
            if one.shape[1] == two.shape[0]:
                return Worth(matmul(one, two))
    raise UntranslatableError("a product whose sizes do not fit")


def _scaled(value: Part, number: sp.Expr) -> Worth:
    assert isinstance(value, Worth)
    return Worth(scale(number, value.node), value.is_map, value.by_weights)


def _beside(left: Worth, right: Worth, denominator: bool) -> Worth | None:
    """A matrix acts on the vector of which something is the derivative by weights."""
    value, other = (left, right) if denominator else (right, left)
    if other.is_map or not value.by_weights:
        return None
    matrix = transpose(other.node) if denominator else other.node
    return Worth(matmul(matrix, value.node), True, True) if matrix.shape[1] == value.node.shape[0] else None


def plus(left: Worth, right: Worth, denominator: bool) -> Worth:
    """Raises UntranslatableError where the shapes do not fit."""
    alike = (left.is_map, left.by_weights, left.node.shape) == (right.is_map, right.by_weights, right.node.shape)
    if alike:
        return Worth(add(left.node, right.node), left.is_map, left.by_weights)
    for one in laid_out(left, denominator):
        for two in laid_out(right, denominator):
            if one.shape == two.shape:
                return Worth(add(one, two))
    raise UntranslatableError("a sum whose sizes do not fit")


def product(body: Worth, index: sp.Symbol, lower: sp.Expr, upper: sp.Expr, denominator: bool) -> Worth:
    """The later factor on the left; on the right where matrices are multiplied in denominator layout."""
    if body.node.shape[0] != body.node.shape[1]:
        raise UntranslatableError("a product of what is not square")
    if body.is_map or not denominator:
        return Worth(OrderedProduct(body.node, index, lower, upper), body.is_map)
    return Worth(transpose(OrderedProduct(transpose(body.node), index, lower, upper)))


def turned(value: Part, denominator: bool) -> Part:
    """The transpose.  Raises UntranslatableError for the derivative by a parameter."""
    if isinstance(value, sp.Expr):
        return value
    first = next(laid_out(value, denominator), None)
    if first is None:
        raise UntranslatableError("a derivative by weights is transposed")
    return Worth(transpose(first))


def pairs(left: Worth, right: Worth, denominator: bool) -> Iterator[tuple[Node, Node]]:
    """What has to be equal, in one of these layouts, for the two to be equal."""
    if left.is_map and right.is_map and left.node.shape == right.node.shape:
        yield left.node, right.node
        return
    for one in laid_out(left, denominator):
        for two in laid_out(right, denominator):
            if one.shape == two.shape:
                yield one, two
