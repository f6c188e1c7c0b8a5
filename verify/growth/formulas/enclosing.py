"""The value of a number such as γ σ₁(W)^k between two rational ones: one small rule a node."""

from __future__ import annotations

from fractions import Fraction
from functools import singledispatch

from derive.evaluate import Binding, evaluate, integer
from derive.expr import Add, Block, MatMul, Node, Scale
from derive.growth.formulas.nodes import Condition, LargestEntry, Least, LeastEntry, Power, Radius, Size
from derive.sums import OrderedProduct
from verify.growth.formulas import certificates
from verify.growth.formulas.instances import Instance
from verify.growth.formulas.rationals import Interval

_ONE = Interval.at(Fraction(1))


@singledispatch
def enclosed(node: Node, env: Instance, at: Binding) -> Interval:
    """A rational number is itself."""
    return Interval.at(abs(evaluate(node, env, at)[0, 0]))


@enclosed.register
def _(node: Size, env: Instance, at: Binding) -> Interval:
    """The norm of a matrix of numbers that are themselves only enclosed lies between those of the two ends.

    ‖·‖ grows with every entry of a matrix that has no negative one.
    """
    if isinstance(node.body, Block) and all(block.shape == (1, 1) for block in node.body.args[1:]):
        return _of_numbers(node.body, env, at)
    found = certificates.norm(evaluate(node.body, env, at))
    return Interval.at(found.high) if env.pointed else found


def _of_numbers(block: Block, env: Instance, at: Binding) -> Interval:
    rows = [[enclosed(cell, env, at) for cell in row] for row in block.rows]
    low, high = ([[getattr(cell, end) for cell in row] for row in rows] for end in ("low", "high"))
    below, above = (certificates.norm(certificates.matrix(ends)) for ends in (low, high))
    return Interval(below.low, above.high)


@enclosed.register
def _(node: Least, env: Instance, at: Binding) -> Interval:
    return certificates.least(evaluate(node.body, env, at))


@enclosed.register
def _(node: Radius, env: Instance, at: Binding) -> Interval:
    return certificates.radius(evaluate(node.body, env, at))


@enclosed.register
def _(node: Condition, env: Instance, at: Binding) -> Interval:
    """κ(X) = σ₁(X) / σ_n(X)."""
    matrix = evaluate(node.body, env, at)
    return certificates.norm(matrix) / certificates.least(matrix)


@enclosed.register
def _(node: LargestEntry, env: Instance, at: Binding) -> Interval:
    return Interval.at(max(abs(entry) for entry in evaluate(node.body, env, at).ravel()))


@enclosed.register
def _(node: LeastEntry, env: Instance, at: Binding) -> Interval:
    return Interval.at(min(abs(entry) for entry in evaluate(node.body, env, at).ravel()))


@enclosed.register
def _(node: Power, env: Instance, at: Binding) -> Interval:
    """Raises ValueError for a negative exponent."""
    base, product, count = enclosed(node.base, env, at), _ONE, integer(node.exponent, env, at)
    if count < 0:
        raise ValueError(f"{node} has the exponent {count}")
    for _ in range(count):
        product = product * base
    return product


@enclosed.register
def _(node: OrderedProduct, env: Instance, at: Binding) -> Interval:
    product = _ONE
    for step in range(integer(node.lower, env, at), integer(node.upper, env, at) + 1):
        product = product * enclosed(node.body, env, {**at, node.index: step})
    return product


@enclosed.register
def _(node: MatMul, env: Instance, at: Binding) -> Interval:
    product = _ONE
    for factor in node.args:
        product = product * enclosed(factor, env, at)
    return product


@enclosed.register
def _(node: Scale, env: Instance, at: Binding) -> Interval:
    return Interval.at(abs(env.arithmetic.scalar(node.args[0]))) * enclosed(node.args[1], env, at)


@enclosed.register
def _(node: Add, env: Instance, at: Binding) -> Interval:
    first, *rest = (enclosed(term, env, at) for term in node.args)
    for term in rest:
        first = first + term
    return first
