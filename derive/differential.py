"""The differential of an expression as a linear map: one small rule a node, the rule's docstring is its law.

A rule answers: how does this node change when its k-th part changes?  It returns one elementary map a part; the
chain rule, below, does the rest.  To teach the engine a new node, register one rule.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import singledispatch

import sympy as sp

from derive.build import apply, hadamard, matmul, polynomial, scale
from derive.expr import Add, Diag, Fill, Hadamard, Identity, MatMul, Node, Scale, Transpose
from derive.functions import Elementwise, Y
from derive.linear import Elementary, Linear, Sandwich, entrywise
from derive.nonlinear import Defined, Map
from derive.sums import substitute


def differential(expr: Node, sources: Collection[Node], value: Node | None = None) -> dict[Node, Linear]:
    """The partial differentials of ``expr`` with respect to each of ``sources`` that it contains.

    ``value`` is a name under which the value of ``expr`` is already known: with h_t = tanh(z_t) the result is written
    in h_t, not in tanh(z_t).  Raises NotImplementedError for a node without a rule.
    """
    if expr in sources:
        return {expr: Linear.identity(expr.shape)}
    value = expr if value is None else value
    if isinstance(expr, Defined):
        return _of_definition(expr, sources, value)
    total: dict[Node, Linear] = {}
    for position, part in enumerate(expr.parts):
        inner = differential(part, sources)
        if not inner:
            continue
        outer = Linear.of(link(expr, position, value), part.shape, expr.shape)
        for source, change in inner.items():
            through = outer @ change
            total[source] = total[source] + through if source in total else through
    return total


def _of_definition(expr: Defined, sources: Collection[Node], value: Node) -> dict[Node, Linear]:
    """A defined node changes as its definition does; afterwards its own value is called by its name again."""
    inner = differential(expr.definition, sources, value)
    return {source: change.replace(lambda n: substitute(n, {expr: value})) for source, change in inner.items()}


@singledispatch
def link(expr: Node, position: int, value: Node) -> Elementary:
    """The elementary map from a change of part number ``position`` to the change of ``expr``."""
    raise NotImplementedError(f"no differential rule for {type(expr).__name__}")


@link.register
def _(expr: Add, position: int, value: Node) -> Elementary:
    """d(A + B) = dA + dB."""
    return _identity(expr)


@link.register
def _(expr: Scale, position: int, value: Node) -> Elementary:
    """d(c·A) = c·dA."""
    rows, cols = expr.shape
    return Sandwich(scale(expr.args[0], Identity(rows)), Identity(cols))


@link.register
def _(expr: MatMul, position: int, value: Node) -> Elementary:
    """d(A B C) = dA B C + A dB C + A B dC."""
    before, part, after = expr.args[:position], expr.args[position], expr.args[position + 1 :]
    left = matmul(*before) if before else Identity(part.shape[0])
    right = matmul(*after) if after else Identity(part.shape[1])
    return Sandwich(left, right)


@link.register
def _(expr: Hadamard, position: int, value: Node) -> Elementary:
    """d(A ⊙ B) = dA ⊙ B + A ⊙ dB."""
    return entrywise(hadamard(*expr.args[:position], *expr.args[position + 1 :]))


@link.register
def _(expr: Transpose, position: int, value: Node) -> Elementary:
    """d(Aᵀ) = (dA)ᵀ."""
    rows, cols = expr.shape
    return Sandwich(Identity(rows), Identity(cols), flipped=True)


@link.register
def _(expr: Map, position: int, value: Node) -> Elementary:
    """d f(A) = f′(A) ⊙ dA."""
    return entrywise(slope(expr.function, expr.body, value))


@link.register
def _(expr: Diag, position: int, value: Node) -> Elementary:
    """d diag(v) is not a sum of sandwiches; cells do not need it, since diag(v) x is written v ⊙ x."""
    raise NotImplementedError("write diag(v) x as v ⊙ x: diag itself has no differential here")


def _identity(expr: Node) -> Elementary:
    return Sandwich(Identity(expr.shape[0]), Identity(expr.shape[1]))


def slope(function: Elementwise, argument: Node, value: Node) -> Node:
    """f′(argument), written in ``value`` = f(argument) where a polynomial for that is proven."""
    derivative = function.slope
    if derivative.is_number:
        return Fill(derivative, *argument.shape)
    form = function.output_form
    if form is not None:
        return polynomial(sp.Poly(form, Y), value)
    return apply(function.derivative, argument)
