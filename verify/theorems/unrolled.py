"""The derivative of the unrolled network, in any real normed spaces: the chain rule through all steps at once.

The loss of these theorems is (1/T) Σ_t ℓ_t(h_t), with a loss at every step.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.derivatives import Derivative
from derive.indices import j, t
from derive.prover import over
from derive.sums import OrderedProduct, Sum
from derive.theory import Theory
from verify.theorem import Covering, Statement


def recurrence(theory: Theory) -> Iterator[Statement]:
    """∂h_t/∂w = ∂f_t/∂w + ∂f_t/∂h_{t−1} · ∂h_{t−1}/∂w."""
    h, w = theory.state, theory.w
    before = h.at(t - 1)
    rhs = Derivative(theory.f(), w) + Derivative(theory.f(), before) @ Derivative(before, w)
    yield Statement("recursion.total", Derivative(h, w), rhs, (over(t, 1, theory.length),))


def state(theory: Theory) -> Iterator[Statement]:
    """∂h_t/∂w = ∂f_t/∂w + Σ_{i=1}^{t−1} (∏_{j=i+1}^{t} ∂f_j/∂h_{j−1}) ∂f_i/∂w."""
    i, h, w = theory.early, theory.state, theory.w
    chain = OrderedProduct(Derivative(theory.f(j), h.at(j - 1)), j, i + 1, t)
    rhs = Derivative(theory.f(), w) + Sum(chain @ Derivative(theory.f(i), w), i, 1, t - 1)
    yield Statement("back.state", Derivative(h, w), rhs, (over(t, 1, theory.length),))


def _is_mean(theory: Theory) -> bool:
    """Whether the loss is the mean of the losses of all steps."""
    return theory.is_main and theory.first == 1 and theory.weight == 1 / theory.length


def loss_forward(theory: Theory) -> Iterator[Statement]:
    """∂L/∂w = weight · Σ_t g_tᵀ a_t."""
    if _is_mean(theory):
        rhs = theory.weight * Sum(theory.g().T @ theory.a(), t, 1, theory.length)
        yield Statement("recursion.loss", theory.total_gradient, rhs, premises=("recursion.short", "recursion.start"))


def loss_double_sum(theory: Theory) -> Iterator[Statement]:
    """∂L/∂w = weight · Σ_t Σ_{i≤t} g_tᵀ (c_t ⋯ c_{i+1}) b_i."""
    i = theory.early
    if _is_mean(theory):
        chain = OrderedProduct(theory.c(j), j, i + 1, t)
        inner = Sum(theory.g().T @ chain @ theory.b(i), i, 1, t)
        rhs = theory.weight * Sum(inner, t, 1, theory.length)
        yield Statement("back.loss", theory.total_gradient, rhs, premises=("recursion.start",))


def loss_adjoint(theory: Theory) -> Iterator[Statement]:
    """∂L/∂w = weight · Σ_i δ_iᵀ b_i."""
    i = theory.early
    if _is_mean(theory):
        rhs = theory.weight * Sum(theory.delta(i).T @ theory.b(i), i, 1, theory.length)
        yield Statement("adjoint.gradient", theory.total_gradient, rhs, premises=("recursion.start", "adjoint.define"))


COVERINGS = (
    Covering("Unrolled.state_derivative_recurrence", recurrence),
    Covering("Unrolled.state_derivative_expanded", state),
    Covering("Unrolled.loss_derivative_forward", loss_forward),
    Covering("Unrolled.loss_derivative_double_sum", loss_double_sum),
    Covering("Unrolled.loss_derivative_adjoint", loss_adjoint),
)
