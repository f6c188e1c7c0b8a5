"""The tanh network h_t = tanh(W h_{t−1} + u_t) on ℝⁿ: its Jacobian, and the gradient of any loss by W."""

from __future__ import annotations

from collections.abc import Iterator

from derive.build import hadamard
from derive.cell import lag
from derive.derivatives import Gradient
from derive.expr import Add, Diag, MatMul, Node, Var, ones
from derive.functions import tanh
from derive.indices import t
from derive.nonlinear import Map
from derive.prover import over
from derive.sums import Sum, walk
from derive.theory import Theory
from verify.theorem import Covering, Statement


def recurrent_matrix(theory: Theory) -> Var | None:
    """W, where the equations of a step are z = W h_{t−1} + u and h = tanh(z), with no h_{t−1} in u; else None."""
    if len(theory.equations) != 2 or len(theory.phase.states) != 1:
        return None
    (z, h), state = theory.equations, theory.state
    if h.target != state or h.expression != Map(tanh, z.target):
        return None
    terms = z.expression.args if isinstance(z.expression, Add) else (z.expression,)
    carried = [term for term in terms if lag(state) in walk(term)]
    if len(carried) != 1 or not isinstance(carried[0], MatMul):
        return None
    w, *rest = carried[0].args
    return w if rest == [lag(state)] and isinstance(w, Var) and w in theory.phase.parameters else None


def _slope(theory: Theory, y: Var) -> Node:
    return ones(y.shape[0]) - hadamard(y, y)


def jacobian(theory: Theory) -> Iterator[Statement]:
    """c_t = diag(1 − h_t²) W."""
    w = recurrent_matrix(theory)
    if w is not None:
        h = theory.state
        yield Statement("local.c", theory.c(), Diag(_slope(theory, h)) @ w, (over(t, 1, theory.length),))


def gradient(theory: Theory) -> Iterator[Statement]:
    """∂L/∂W = (1/T) Σ_t z̄_t h_{t−1}ᵀ, where z̄_t = (1 − h_t²) ∘ δ_t, for any differentiable losses."""
    w = recurrent_matrix(theory)
    if w is not None and theory.is_main and theory.weight == 1 / theory.length:
        z, h = theory.equations[0].target, theory.state
        terms = Sum(Var(z.name, *z.shape, t, "adjoint") @ lag(h).T, t, 1, theory.length)
        premises = ("adjoint.define", "gradient.last", "gradient.delta", f"gradient.{z.name}-bar")
        rhs = theory.weight * terms
        yield Statement(f"gradient.{w.name}", Gradient(theory.model.total, w), rhs, premises=premises)


COVERINGS = (Covering("Network.step_derivative", jacobian), Covering("VanillaRnn.recurrent_weight_gradient", gradient))
