"""A function applied to every entry: its derivative is a diagonal matrix; of tanh and the sigmoid in their outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from derive.build import hadamard
from derive.derivatives import Derivative
from derive.expr import Diag, Node, Var, ones
from derive.functions import Elementwise, sigmoid, tanh
from derive.indices import t
from derive.nonlinear import Map
from derive.prover import over
from derive.theory import Theory
from verify.theorem import Covering, Statement


def _slopes(theory: Theory, function: Elementwise, slope: Callable[[Var], Node]) -> Iterator[Statement]:
    """∂y_t/∂z_t = diag(φ′(z_t)), for every equation y_t = φ(z_t)."""
    for equation in theory.equations:
        of, y = equation.expression, equation.target
        if isinstance(of, Map) and of.function == function and isinstance(of.body, Var):
            where = (over(t, 1, theory.length),)
            yield Statement(f"local.slope-{y.name}", Derivative(y, of.body), Diag(slope(y)), where)


def of_tanh(theory: Theory) -> Iterator[Statement]:
    """φ = tanh: diag(1 − y²)."""
    yield from _slopes(theory, tanh, lambda y: ones(y.shape[0]) - hadamard(y, y))


def of_sigmoid(theory: Theory) -> Iterator[Statement]:
    """φ = sigmoid: diag(y (1 − y))."""
    yield from _slopes(theory, sigmoid, lambda y: hadamard(y, ones(y.shape[0]) - y))


COVERINGS = (
    Covering("Componentwise.tanh_componentwise_derivative", of_tanh),
    Covering("Componentwise.sigmoid_componentwise_derivative", of_sigmoid),
)
