"""Random cuts with compensation: the mean of the estimate is the gradient, since each factor has the mean one."""

from __future__ import annotations

from collections.abc import Iterator

from derive.expr import Fill, zeros
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import t
from derive.prover import Induction, Rewriting, over
from derive.sums import Sum
from derive.theory import Theory
from derive.truncation.formulas.averaging import Averaging
from derive.truncation.formulas.law import REWEIGHTED, Law, TwoOutcomes
from derive.truncation.formulas.letters import Letters, xi
from derive.truncation.formulas.mean import Mean

NEEDS, LAW = "cuts", "law"
_EQUAL = Relation.EQUAL


def steps(theory: Theory, law: Law = REWEIGHTED) -> tuple[GrowthStep, ...]:
    """For any two-point law of ξ_t; where its mean is not one, the proofs are refused."""
    return (*_law(theory, law), *_mean(theory))


def _law(theory: Theory, law: Law) -> Iterator[GrowthStep]:
    one, links = Fill(1, 1, 1), (over(t, 1, theory.length),)
    factor = Mean(Fill(xi(t), 1, 1))
    yield GrowthStep(
        "mean.outcomes", factor, _EQUAL, Fill(law.written(), 1, 1), "two outcomes",
        ("The chain is cut before step ", t, " with a chance that may depend on all cuts before; what comes through is "
         "divided by the chance that it does.",),
        links, None, LAW,
    )  # fmt: skip
    yield GrowthStep(
        "mean.law", factor, _EQUAL, one, "cancel", ("Whatever the cuts before were: one.",), links, TwoOutcomes(law),
        LAW,
    )  # fmt: skip


def _mean(theory: Theory) -> Iterator[GrowthStep]:
    own, i, T_ = Letters(theory), theory.early, theory.length
    mu, z, every = own.mean, own.z, (over(t, 1, T_),)
    fixed = (theory.b(), theory.c())
    yield GrowthStep(
        "mean.define", mu(), _EQUAL, Mean(z()), "definition", ("The mean of the estimate over all runs.",),
        (over(t, 0, T_),), None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "mean.start", mu(0), _EQUAL, zeros(*mu().shape), "definition", ("Nothing is random at the start.",), (),
        Averaging("links.start", "mean.law", fixed, "mean.define"), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "mean.recurrence", mu(), _EQUAL, theory.b() + theory.c() @ mu(t - 1), "mean of both sides",
        (z(t - 1), " depends on earlier cuts alone, and given those the factor has the mean 1."), every,
        Averaging("links.run", "mean.law", fixed, "mean.define"), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "mean.expanded", mu(), _EQUAL, Sum(theory.chain(t, i + 1) @ theory.b(i), i, 1, t), "the lemma",
        ("The recurrence of ", theory.a(), ", and its solution."), every, Induction("mean.recurrence", "mean.start"),
        NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "mean.equal", mu(), _EQUAL, theory.a(), "unbiased", ("The estimate is unbiased.",), every,
        Rewriting(using=("mean.expanded", "expansion.absorb")), NEEDS,
    )  # fmt: skip
