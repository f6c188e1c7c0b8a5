"""Derivatives as symbols: what a derivation talks about before it has computed anything.

``Derivative`` is a Jacobian in numerator layout, (∂y/∂x)_{ij} = ∂y_i/∂x_j with matrices stacked by columns;
``Gradient`` is the derivative of a scalar in the shape of its parameter.  ``Call`` is a function known by name only:
the f of h_t = f(x_t, h_{t−1}, w_h).  None of them knows how to differentiate: their values come from an oracle.
"""

from __future__ import annotations

from sympy.core.symbol import Str

from derive.errors import ShapeError
from derive.expr import Node, Var, is_scalar
from derive.node import make


class Call(Node):
    """name(arguments…): the value that the model's own equations give from these arguments.

    ``output`` is the variable that the call computes (f computes h_t), at its time.
    """

    def __new__(cls, name: str | Str, output: Var, *arguments: Node) -> Call:
        name = name if isinstance(name, Str) else Str(name)
        return make(cls, output.shape, name, output, *arguments)

    @property
    def name(self) -> str:
        return str(self.args[0].name)

    @property
    def output(self) -> Var:
        return self.args[1]

    @property
    def arguments(self) -> tuple[Node, ...]:
        return tuple(self.args[2:])


class Derivative(Node):
    """∂y/∂x as a Jacobian.  With a ``Call`` for y it is partial (the other arguments are held), else total."""

    def __new__(cls, target: Node, source: Var) -> Derivative:
        (a, b), (c, d) = target.shape, source.shape
        return make(cls, (a * b, c * d), target, source)

    @property
    def target(self) -> Node:
        return self.args[0]

    @property
    def source(self) -> Var:
        return self.args[1]


class Gradient(Node):
    """∂L/∂W of a scalar L, in the shape of W."""

    def __new__(cls, target: Var, source: Var) -> Gradient:
        if not is_scalar(target):
            raise ShapeError(f"a gradient is of a scalar, {target!r} is not one")
        return make(cls, source.shape, target, source)

    @property
    def target(self) -> Var:
        return self.args[0]

    @property
    def source(self) -> Var:
        return self.args[1]
