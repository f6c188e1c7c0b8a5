"""The double sum, read backwards: ∂L/∂w = weight · Σ_i δ_iᵀ b_i, with δ_T = g_T and δ_t = g_t + c_{t+1}ᵀ δ_{t+1}.

Where only the last step has a loss, all g_t but the last are zero: the same theorems.  (In Coq a gradient is a row;
here it is a column, its transpose.)
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.expr import zeros
from derive.indices import j, t
from derive.prover import over
from derive.sums import OrderedProduct, Sum
from derive.theory import Theory
from verify.theorem import Covering, Statement

_FORWARD = ("recursion.short", "recursion.start", "recursion.loss")


def exchanged(theory: Theory) -> Iterator[Statement]:
    """Σ_t Σ_{i≤t} g_tᵀ (c_t ⋯ c_{i+1}) b_i = Σ_i Σ_{t≥i} g_tᵀ (c_t ⋯ c_{i+1}) b_i."""
    if theory.single:
        return
    i = theory.early
    term = theory.g().T @ OrderedProduct(theory.c(j), j, i + 1, t) @ theory.b(i)
    rhs = theory.weight * Sum(Sum(term, t, i, theory.last), i, 1, theory.last)
    yield Statement("adjoint.exchange", theory.total_gradient, rhs, premises=("back.loss",))


def last(theory: Theory) -> Iterator[Statement]:
    """δ_T = g_T."""
    yield Statement("adjoint.last", theory.delta(theory.length), theory.g(theory.length), premises=("adjoint.define",))


def recursion(theory: Theory) -> Iterator[Statement]:
    """δ_t = g_t + c_{t+1}ᵀ δ_{t+1}."""
    own = zeros(theory.size) if theory.single else theory.g()
    rhs = own + theory.c(t + 1).T @ theory.delta(t + 1)
    where = (over(t, 1, theory.length - 1),)
    yield Statement("adjoint.recursion", theory.delta(), rhs, where, ("adjoint.define",))


def swept(theory: Theory) -> Iterator[Statement]:
    """weight · Σ_t g_tᵀ a_t = weight · Σ_i δ_iᵀ b_i."""
    i = theory.early
    rhs = theory.weight * Sum(theory.delta(i).T @ theory.b(i), i, 1, theory.length)
    yield Statement("adjoint.gradient", theory.total_gradient, rhs, premises=(*_FORWARD, "adjoint.define"))


COVERINGS = (
    Covering("Adjoint.exchange", exchanged),
    Covering("Adjoint.adjoint_last", last),
    Covering("Adjoint.adjoint_recursion", recursion),
    Covering("Adjoint.adjoint_forward", swept),
)
