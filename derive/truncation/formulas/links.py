"""One factor ξ_t before every c_t: z_t = b_t + ξ_t c_t z_{t−1}, for any numbers ξ_t, on every single run.

Chunks, the recursive randomised truncation and ARTBP are this, with other laws of ξ_t.  With ξ_t c_t in the place of
c_t it is the recurrence of the general theory, so its lemma and its adjoint hold as they stand.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derive.build import transpose
from derive.expr import Node, zeros
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import j, t
from derive.prover import Induction, Rewriting, over
from derive.sums import Sum
from derive.theory import Theory
from derive.truncation.formulas.letters import Letters, xi
from derive.truncation.formulas.weighing import Weighing
from derive.truncation.formulas.window import estimated

NEEDS = "links"
_EQUAL = Relation.EQUAL


def steps(theory: Theory) -> tuple[GrowthStep, ...]:
    """Forwards, the law of weights, backwards, and that both are one estimate."""
    return (*_forward(theory), *_backward(theory), _both(theory))


def _forward(theory: Theory) -> Iterator[GrowthStep]:
    own, i, b = Letters(theory), theory.early, theory.b
    every = (over(t, 1, theory.length),)
    yield GrowthStep(
        "links.run", own.z(), _EQUAL, b() + xi(t) * (theory.c() @ own.z(t - 1)), "definition",
        ("Each factor gets a number of its own: 0 cuts, 1 keeps.",), every, None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "links.start", own.z(0), _EQUAL, zeros(*own.z().shape), "definition", ("Nothing has happened yet.",), (), None,
        NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "links.factor", own.factor(), _EQUAL, xi(t) * theory.c(), "definition", ("Number and factor in one letter.",),
        every, None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "links.short", own.z(), _EQUAL, b() + own.factor() @ own.z(t - 1), "naming",
        ("This is the recurrence of ", theory.a(), " with other factors."), every,
        Rewriting(using=("links.run", "links.factor")), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "links.expanded", own.z(), _EQUAL, Sum(own.chain(t, i + 1) @ b(i), i, 1, t), "the lemma",
        ("So the lemma holds for it as it stands.",), every, Induction("links.short", "links.start"), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "links.weights", own.z(), _EQUAL, Sum(weight(t, i) * (theory.chain(t, i + 1) @ b(i)), i, 1, t),
        "numbers commute", ("Numbers come out of a product: every term of ", theory.a(), " is there, with the weight ",
                            weight(t, i), "."),
        every, Weighing(start="links.expanded", then=("links.factor",)), NEEDS,
    )  # fmt: skip


def weight(late: sp.Expr, early: sp.Expr) -> sp.Expr:
    """ω(t, i) = ∏_{j=i+1}^{t} ξ_j."""
    return sp.Product(xi(j), (j, early + 1, late))


def _backward(theory: Theory) -> Iterator[GrowthStep]:
    own, i, T_ = Letters(theory), theory.early, theory.length
    earlier = (over(t, 1, T_ - 1),)
    yield GrowthStep(
        "links.last", own.delta(T_), _EQUAL, theory.g(T_), "definition", ("The last step has its own error alone.",),
        (), None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "links.back", own.delta(), _EQUAL, theory.seed() + xi(t + 1) * (theory.c(t + 1).T @ own.delta(t + 1)),
        "definition", ("Backwards: what comes through ", theory.c(t + 1), " gets the same number.",), earlier, None,
        NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "links.back-short", own.delta(), _EQUAL, theory.seed() + own.factor(t + 1).T @ own.delta(t + 1), "naming",
        ("The adjoint recursion with other factors.",), earlier, Rewriting(using=("links.back", "links.factor")), NEEDS,
    )  # fmt: skip
    body = transpose(own.chain(t, i + 1)) @ theory.g()
    summed = theory.at_loss(body) if theory.single else Sum(body, t, i, T_)
    yield GrowthStep(
        "links.adjoint", own.delta(i), _EQUAL, summed, "the lemma", ("Solved like the other.",), (over(i, 1, T_),),
        Induction("links.back-short", "links.last", first=T_, downwards=True), NEEDS,
    )  # fmt: skip


def backwards(theory: Theory) -> Node:
    """weight · Σ_i δ̃_iᵀ b_i."""
    i = theory.early
    return theory.weight * Sum(Letters(theory).delta(i).T @ theory.b(i), i, 1, theory.length)


def _both(theory: Theory) -> GrowthStep:
    return GrowthStep(
        "links.equal", estimated(theory), _EQUAL, backwards(theory), "exchange of sums",
        ("On every single run both passes give one estimate: the randomised recursion and ARTBP are the same, seen "
         "from the two ends.",),
        (), Rewriting(using=("links.expanded", "links.adjoint")), NEEDS,
    )  # fmt: skip
