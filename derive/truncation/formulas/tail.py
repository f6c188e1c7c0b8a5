"""A bound of what a window leaves out, where errors fade on their way back.

(Aicher, Foti & Fox 2019, theorem 1.)  φ_k is the mean size of an error after k links, M a bound of ‖b_i‖, and from the
lag k₀ on φ_{k+1} ≤ β φ_k with β < 1.  There the lags 0, …, K are kept and ours are 0, …, τ − 1, so that K = τ − 1; with
their τ for our k₀ their bound M φ_{k₀} β^{K−k₀} β/(1 − β) is M φ_{k₀} β^{τ−k₀}/(1 − β).
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derive.build import matmul, transpose
from derive.expr import Fill, Node
from derive.growth.formulas.nodes import Size
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import k, s, t
from derive.prover import Rewriting, over
from derive.sums import Sum, reindex
from derive.theory import Theory
from derive.truncation.formulas.bounding import ByLag, Contracts, Geometric, Triangle
from derive.truncation.formulas.letters import tau
from derive.truncation.formulas.specialised import Specialised

NEEDS = "tail"
phi = sp.Function("phi")
"""φ_k, the mean size of an error after k links."""
k0 = sp.Symbol("k0", integer=True, nonnegative=True)
beta, M = (sp.Symbol(name, nonnegative=True) for name in ("beta", "M"))
lag = sp.Symbol("l", integer=True)
_EQUAL, _AT_MOST = Relation.EQUAL, Relation.AT_MOST


def steps(theory: Theory) -> tuple[GrowthStep, ...]:
    """From the rest to the bound."""
    return (*_terms(theory), *_bound(theory))


def _number(value: sp.Expr) -> Fill:
    return Fill(value, 1, 1)


def _early(theory: Theory, first: sp.Expr) -> Sum:
    """Σ_{i=1}^{first} P(t, i) b_i."""
    i = theory.early
    return Sum(theory.chain(t, i + 1) @ theory.b(i), i, 1, first)


def _over_losses(theory: Theory, body: Node) -> Node:
    """weight · Σ_{t=τ+1}^{T} body."""
    return theory.weight * (theory.at_loss(body) if theory.single else Sum(body, t, tau + 1, theory.length))


def _terms(theory: Theory) -> Iterator[GrowthStep]:
    T_, i = theory.length, theory.early
    some = (over(tau, 1, T_ - 1),)
    yield GrowthStep(
        "tail.from", theory.chain(t, s + 1) @ theory.a(s), _EQUAL, _early(theory, s), "expand",
        ("What is left out, term by term.",), (over(t, 1, T_), over(s, 1, t)),
        Rewriting(using=("expansion.absorb",)), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "tail.terms", theory.chain(t, t - tau + 1) @ theory.a(t - tau), _EQUAL, _early(theory, t - tau), "expand",
        ("The rest holds the lags from ", tau, " on."), (*some, over(t, tau + 1, T_)),
        Specialised("tail.from", s, t - tau), NEEDS,
    )  # fmt: skip
    row = transpose(theory.g()) @ theory.chain(t, i + 1)
    arriving, added = Size(transpose(theory.chain(t, i + 1)) @ theory.g()), theory.b(i)
    yield GrowthStep(
        "tail.sizes", Size(_over_losses(theory, Sum(row @ added, i, 1, t - tau))), _AT_MOST,
        _over_losses(theory, Sum(matmul(arriving, Size(added)), i, 1, t - tau)), "triangle inequality",
        ("A sum is no larger than the sizes of its terms together.",), some, Triangle(), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "tail.mean", _number(phi(k)), _EQUAL, _faded(theory), "definition",
        ("How large an error is on average after ", k, " links."), (over(k, 0, T_ - 1),), None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "tail.lags", _over_losses(theory, Sum(arriving, i, 1, t - tau)), _EQUAL,
        Sum(_number(phi(lag)), lag, tau, T_ - 1), "count by lag", ("The same pairs, counted by their lag.",), some,
        ByLag("tail.mean", phi, T_), NEEDS,
    )  # fmt: skip


def _faded(theory: Theory) -> Node:
    """weight · Σ_{t=k+1}^{T} ‖P(t, t−k)ᵀ g_t‖."""
    body = Size(transpose(theory.chain(t, t - k + 1)) @ theory.g())
    return theory.weight * (reindex(body, {t: theory.last}) if theory.single else Sum(body, t, k + 1, theory.length))


def _bound(theory: Theory) -> Iterator[GrowthStep]:
    T_ = theory.length
    yield GrowthStep(
        "tail.assumed", _number(phi(k + 1)), _AT_MOST, _number(beta * phi(k)), "assumption",
        ("Supposed from the lag ", k0, " on: an error shrinks at every link, on average."),
        (over(k0, 0, T_ - 1), over(k, k0, T_ - 2)), None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "tail.faded", _number(phi(k)), _AT_MOST, _number(phi(k0) * beta ** (k - k0)), "induction",
        ("Hence it fades geometrically.",), (over(k0, 0, T_ - 1), over(k, k0, T_ - 1)),
        Contracts("tail.assumed", k, k0), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "tail.bound", Sum(_number(M * phi(lag)), lag, tau, T_ - 1), _AT_MOST,
        _number(M * phi(k0) * beta ** (tau - k0) / (1 - beta)), "geometric sum",
        ("With ", M, " for the sizes of all ", theory.b(theory.early), ": the bound of what a window of ", tau,
         " steps leaves out."),
        (over(tau, 1, T_ - 1), over(k0, 0, tau)), Geometric("tail.faded", lag, k), NEEDS,
    )  # fmt: skip
