"""The estimate as it is often printed, with the exact a_{t−1}: unbiased as well, but another one."""

from __future__ import annotations

from collections.abc import Iterator

from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import t
from derive.prover import Rewriting, over
from derive.theory import Theory
from derive.truncation.formulas.averaging import Averaging
from derive.truncation.formulas.letters import Letters, xi
from derive.truncation.formulas.mean import Mean
from derive.truncation.formulas.unbiased import NEEDS

_EQUAL = Relation.EQUAL


def steps(theory: Theory) -> tuple[GrowthStep, ...]:
    """Definition, mean, and how it differs from the recursive one."""
    return tuple(_steps(theory))


def _steps(theory: Theory) -> Iterator[GrowthStep]:
    own, every = Letters(theory), (over(t, 1, theory.length),)
    a, b, c = theory.a, theory.b, theory.c
    fixed = (a(), b(), c())
    yield GrowthStep(
        "onestep.define", own.one(), _EQUAL, b() + xi(t) * (c() @ a(t - 1)), "definition",
        ("The same factor before the exact ", a(t - 1), ", which has to be there whenever one factor is not zero: the "
         "computation gets no shorter.",),
        every, None, NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "onestep.mean", Mean(own.one()), _EQUAL, b() + c() @ a(t - 1), "mean of both sides",
        ("Here only the factor is random.",), every, Averaging("onestep.define", "mean.law", fixed), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "onestep.unbiased", Mean(own.one()), _EQUAL, a(), "recurrence", ("Unbiased too.",), every,
        Rewriting(start="onestep.mean", using=("recursion.short",)), NEEDS,
    )  # fmt: skip
    yield GrowthStep(
        "onestep.difference", own.z() - own.one(), _EQUAL, xi(t) * (c() @ (own.z(t - 1) - a(t - 1))), "subtract",
        ("The two differ by the error so far, where it is not cut off.",), every,
        Rewriting(using=("links.run", "onestep.define")), NEEDS,
    )  # fmt: skip
