"""The value of a number such as γ σ₁(W)^k between two rational ones: one small rule a node."""

from __future__ import annotations

from fractions import Fraction
from functools import singledispatch
from typing import Protocol

from derive.evaluate import Binding, Environment, evaluate, integer
from derive.expr import Add, Block, MatMul, Node, Scale
from derive.growth.formulas.nodes import Condition, LargestEntry, Least, LeastEntry, Power, Radius, Size
from derive.sums import OrderedProduct, Sum
from verify.growth.formulas import certificates
from verify.growth.formulas.rationals import Interval

_ONE = Interval.at(Fraction(1))


class Pointed(Environment, Protocol):
    """Rational numbers; ``pointed``: a norm is the upper end of its enclosure."""

    pointed: bool


@singledispatch
def enclosed(node: Node, env: Pointed, at: Binding) -> Interval:
    """A rational number is itself."""
    return Interval.at(abs(evaluate(node, env, at)[0, 0]))


@enclosed.register
def _(node: Size, env: Pointed, at: Binding) -> Interval:
    """The norm of a matrix of numbers that are themselves only enclosed lies between those of the two ends.

    ‖·‖ grows with every entry of a matrix that has no negative one.
    """
    if isinstance(node.body, Block) and all(block.shape == (1, 1) for block in node.body.args[1:]):
        return _of_numbers(node.body, env, at)
    found = certificates.norm(evaluate(node.body, env, at))
    return Interval.at(found.high) if env.pointed else found


def _of_numbers(block: Block, env: Pointed, at: Binding) -> Interval:
    rows = [[enclosed(cell, env, at) for cell in row] for row in block.rows]
    low, high = ([[getattr(cell, end) for cell in row] for row in rows] for end in ("low", "high"))
    below, above = (certificates.norm(certificates.matrix(ends)) for ends in (low, high))
    return Interval(below.low, above.high)


@enclosed.register
def _(node: Least, env: Pointed, at: Binding) -> Interval:
    return certificates.least(evaluate(node.body, env, at))


@enclosed.register
def _(node: Radius, env: Pointed, at: Binding) -> Interval:
    return certificates.radius(evaluate(node.body, env, at))


@enclosed.register
def _(node: Condition, env: Pointed, at: Binding) -> Interval:
    """κ(X) = σ₁(X) / σ_n(X)."""
    matrix = evaluate(node.body, env, at)
    return certificates.norm(matrix) / certificates.least(matrix)


@enclosed.register
def _(node: LargestEntry, env: Pointed, at: Binding) -> Interval:
    return Interval.at(max(abs(entry) for entry in evaluate(node.body, env, at).ravel()))


@enclosed.register
def _(node: LeastEntry, env: Pointed, at: Binding) -> Interval:
    return Interval.at(min(abs(entry) for entry in evaluate(node.body, env, at).ravel()))


@enclosed.register
def _(node: Power, env: Pointed, at: Binding) -> Interval:
    """Raises ValueError for a negative exponent."""
    base, product, count = enclosed(node.base, env, at), _ONE, integer(node.exponent, env, at)
    if count < 0:
        raise ValueError(f"{node} has the exponent {count}")
    for _ in range(count):
        product = product * base
    return product


@enclosed.register
def _(node: OrderedProduct, env: Pointed, at: Binding) -> Interval:
    product = _ONE
    for step in range(integer(node.lower, env, at), integer(node.upper, env, at) + 1):
        product = product * enclosed(node.body, env, {**at, node.index: step})
    return product


@enclosed.register
def _(node: MatMul, env: Pointed, at: Binding) -> Interval:
    product = _ONE
    for factor in node.args:
        product = product * enclosed(factor, env, at)
    return product


@enclosed.register
def _(node: Scale, env: Pointed, at: Binding) -> Interval:
    return Interval.at(abs(env.arithmetic.scalar(node.args[0]))) * enclosed(node.args[1], env, at)


@enclosed.register
def _(node: Add, env: Pointed, at: Binding) -> Interval:
    first, *rest = (enclosed(term, env, at) for term in node.args)
    for term in rest:
        first = first + term
    return first


@enclosed.register
def _(node: Sum, env: Pointed, at: Binding) -> Interval:
    total = Interval.at(Fraction(0))
    for step in range(integer(node.lower, env, at), integer(node.upper, env, at) + 1):
        total = total + enclosed(node.body, env, {**at, node.index: step})
    return total
