"""How large a matrix is, as expressions of shape 1×1: norm, spectral radius, smallest singular value, condition.

They are nodes like any other, so that a time index in them is replaced, bound and printed as everywhere; none is ever
differentiated.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.errors import ShapeError
from derive.evaluate import Binding, Environment, evaluate, integer
from derive.expr import ONE, Node, shaped
from derive.node import make
from derive.plain import plain
from derive.sums import OrderedProduct


class Measure(Node):
    """A non-negative number that says how large a matrix is."""

    @property
    def body(self) -> Node:
        return self.args[0]


def _measure(cls: type, body: Node) -> Any:
    return make(cls, (ONE, ONE), body)


class Size(Measure):
    """‖A‖, the spectral norm: the largest of ‖A v‖ with ‖v‖ = 1, which is the largest singular value σ₁(A)."""

    def __new__(cls, body: Node) -> Size:
        return _measure(cls, body)


class Least(Measure):
    """σ_n(A), the smallest singular value of a square matrix: the least of ‖A v‖ with ‖v‖ = 1."""

    def __new__(cls, body: Node) -> Least:
        return _measure(cls, square(body))


class Radius(Measure):
    """ρ(A), the spectral radius: the largest |λ| of the eigenvalues λ."""

    def __new__(cls, body: Node) -> Radius:
        return _measure(cls, square(body))


class Condition(Measure):
    """κ(A) = ‖A‖ ‖A⁻¹‖, the condition number of an invertible matrix."""

    def __new__(cls, body: Node) -> Condition:
        return _measure(cls, square(body))


class LargestEntry(Measure):
    """max_k |v_k| of a column."""

    def __new__(cls, body: Node) -> LargestEntry:
        return _measure(cls, column(body))


class LeastEntry(Measure):
    """min_k |v_k| of a column."""

    def __new__(cls, body: Node) -> LeastEntry:
        return _measure(cls, column(body))


class Count(Node):
    """The number of factors of an ordered product."""

    def __new__(cls, product: OrderedProduct) -> Count:
        made: Count = make(cls, (ONE, ONE), product)
        return made

    @property
    def product(self) -> OrderedProduct:
        return self.args[0]


class Power(Node):
    """A^k for a square A and a natural number k, which may be symbolic; A^0 = I."""

    def __new__(cls, base: Node, exponent: sp.Expr | int) -> Power:
        made: Power = make(cls, square(base).shape, base, sp.sympify(exponent))
        return made

    @property
    def base(self) -> Node:
        return self.args[0]

    @property
    def exponent(self) -> sp.Expr:
        return self.args[1]


def square(body: Node) -> Node:
    """Raises ShapeError for a matrix that is not square."""
    if body.shape[0] != body.shape[1]:
        raise ShapeError(f"a square matrix is needed, got {shaped(body)}")
    return body


def column(body: Node) -> Node:
    """Raises ShapeError for a matrix that is not a column."""
    if body.shape[1] != ONE:
        raise ShapeError(f"a column is needed, got {shaped(body)}")
    return body


def _singular_values(matrix: Array) -> Array:
    return np.linalg.svd(matrix, compute_uv=False)


_VALUES: dict[type[Measure], Callable[[Array], Array]] = {
    Size: lambda a: _singular_values(a)[..., 0],
    Least: lambda a: _singular_values(a)[..., -1],
    Radius: lambda a: np.max(np.abs(np.linalg.eigvals(a)), axis=-1),
    Condition: lambda a: np.linalg.cond(a),
    LargestEntry: lambda v: np.max(np.abs(v), axis=(-2, -1)),
    LeastEntry: lambda v: np.min(np.abs(v), axis=(-2, -1)),
}
_NAMES: dict[type[Measure], str] = {
    Size: "norm",
    Least: "sigma_n",
    Radius: "rho",
    Condition: "cond",
    LargestEntry: "max",
    LeastEntry: "min",
}


@evaluate.register
def _(node: Measure, env: Environment, at: Binding) -> Array:
    """In floating point; ``verify.growth.formulas`` decides in exact arithmetic."""
    return np.asarray(_VALUES[type(node)](evaluate(node.body, env, at)))[..., None, None]


@evaluate.register
def _(node: Count, env: Environment, at: Binding) -> Array:
    """Counted one by one."""
    lower, upper = (integer(limit, env, at) for limit in (node.product.lower, node.product.upper))
    return env.arithmetic.filled(sp.Integer(sum(1 for _ in range(lower, upper + 1))), 1, 1)


@evaluate.register
def _(node: Power, env: Environment, at: Binding) -> Array:
    """One multiplication after the other.  Raises ValueError for a negative exponent."""
    count = integer(node.exponent, env, at)
    if count < 0:
        raise ValueError(f"{node} has the exponent {count}")
    base, product = evaluate(node.base, env, at), env.arithmetic.identity(integer(node.shape[0], env, at))
    for _ in range(count):
        product = base @ product
    return product


@plain.register
def _(node: Measure) -> str:
    return f"{_NAMES[type(node)]}({plain(node.body)})"


@plain.register
def _(node: Count) -> str:
    return f"count({plain(node.product)})"


@plain.register
def _(node: Power) -> str:
    return f"({plain(node.base)})^({node.exponent})"
