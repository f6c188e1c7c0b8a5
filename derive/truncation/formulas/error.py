"""The error of an estimate with factors, exactly: Σ_t g_tᵀ (z_t − a_t) = Σ_{i=2}^{T} (ξ_i − 1) δ_iᵀ c_i z_{i−1}.

The error e_t = z_t − a_t satisfies the recurrence of the general theory once more, with (ξ_t − 1) c_t z_{t−1} for b_t.
Everything else follows from it: the bias of chunks, unbiasedness, and the variance.
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.expr import Node, zeros
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import t
from derive.prover import Induction, Rewriting, over
from derive.sums import Sum
from derive.theory import Theory
from derive.truncation.formulas.letters import Letters, xi
from derive.truncation.formulas.links import NEEDS
from derive.truncation.formulas.window import estimated, full

_EQUAL = Relation.EQUAL


def steps(theory: Theory) -> tuple[GrowthStep, ...]:
    """From the difference to its closed form."""
    return (*_recurrence(theory), *_identity(theory))


def _recurrence(theory: Theory) -> Iterator[GrowthStep]:
    own, a, c, i = Letters(theory), theory.a, theory.c, theory.early
    e, z, T_ = own.error, own.z, theory.length
    nothing = zeros(*e().shape)
    yield GrowthStep(
        "error.define", e(), _EQUAL, z() - a(), "definition", ("How far the estimate is off.",), (over(t, 0, T_),),
        None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "error.recurrence", e(), _EQUAL, (xi(t) - 1) * (c() @ z(t - 1)) + c() @ e(t - 1), "subtract",
        ("One recurrence less the other: what the factor changes at this step, and the error so far, carried on.",),
        (over(t, 1, T_),), Rewriting(using=("error.define",), then=("links.run", "recursion.short")), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "error.start", e(0), _EQUAL, nothing, "initial state", ("Both start at nothing.",), (),
        Rewriting(using=("error.define",), then=("links.start", "recursion.start")), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "error.first", e(1), _EQUAL, nothing, "first step", ("There is nothing before step 1 to be cut off.",), (),
        Rewriting(using=("error.recurrence",), then=("error.start", "links.start")), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "error.expanded", e(), _EQUAL, Sum((xi(i) - 1) * (theory.chain(t, i + 1) @ c(i) @ z(i - 1)), i, 2, t),
        "the lemma", ("The lemma again.",), (over(t, 1, T_),), Induction("error.recurrence", "error.first"), NEEDS,
    )  # fmt: skip


def term(theory: Theory) -> Node:
    """δ_iᵀ c_i z_{i−1}: what all later errors make of the step from i − 1 to i."""
    i = theory.early
    return theory.delta(i).T @ theory.c(i) @ Letters(theory).z(i - 1)


def difference(theory: Theory) -> Node:
    """Estimate less gradient, weight · (Σ_t g_tᵀ z_t − Σ_t g_tᵀ a_t)."""
    return estimated(theory) - full(theory)


def _identity(theory: Theory) -> Iterator[GrowthStep]:
    i, e = theory.early, Letters(theory).error
    yield GrowthStep(
        "error.gap", Letters(theory).gap(), _EQUAL, difference(theory), "definition", ("Estimate less gradient.",), (),
        None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "error.difference", difference(theory), _EQUAL, theory.weighted_sum(theory.g().T @ e()), "naming",
        ("In the letter of the error.",), (), Rewriting(using=("error.define",)), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "error.identity", difference(theory), _EQUAL,
        theory.weight * Sum((xi(i) - 1) * term(theory), i, 2, theory.length), "exchange of sums",
        ("Put the expansion in and exchange the sums: the exact ", theory.delta(i), " collects all later errors. A "
         "term for every factor that is not one.",),
        (), Rewriting(start="error.difference", using=("error.expanded", "adjoint.define")), NEEDS,
    )  # fmt: skip
