"""The variance of the random estimates: of the whole gradient, and of one number in closed form.

All of it follows from the identity of ``derive.truncation.formulas.error``: its terms are martingale differences.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from derive.build import matmul, scale
from derive.expr import Fill
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import j, k, t
from derive.prover import over
from derive.sums import Sum
from derive.theory import Theory
from derive.truncation.formulas.error import term
from derive.truncation.formulas.law import REWEIGHTED, Law, TwoOutcomes
from derive.truncation.formulas.letters import Letters, kappa, pi, xi
from derive.truncation.formulas.mean import Mean
from derive.truncation.formulas.quadratic import Martingale, Moments
from derive.truncation.formulas.unbiased import LAW, NEEDS

SCALAR = "scalar"
V = sp.Function("V")
"""The variance of z_t, for one number."""
_EQUAL = Relation.EQUAL


@dataclass(frozen=True)
class Scalars:
    """The letters of a theory where each is one number: SymPy functions of the time, which commute."""

    theory: Theory

    @cached_property
    def letters(self) -> tuple[sp.Function, ...]:
        """a, b, c, z and e, and the estimate with the exact a."""
        own, theory = Letters(self.theory), self.theory
        of = (theory.a(), theory.b(), theory.c(), own.z(), own.error(), own.one())
        return tuple(sp.Function(letter.name) for letter in of)


def steps(theory: Theory, law: Law = REWEIGHTED) -> tuple[GrowthStep, ...]:
    """For matrices, then for numbers."""
    return (*_of_gradient(theory, law), *_of_number(theory, law))


def _number(value: sp.Expr) -> Fill:
    return Fill(value, 1, 1)


def _of_gradient(theory: Theory, law: Law) -> Iterator[GrowthStep]:
    i, every, gap = theory.early, (over(t, 1, theory.length),), Letters(theory).gap()
    yield GrowthStep(
        "variance.keep", _number(pi(t)), _EQUAL, _number(1 - kappa(t - 1)), "definition",
        ("The chance that the factor of step ", t, " is kept."), every, None, LAW,
    )  # fmt: skip
    yield GrowthStep(
        "variance.law", Mean(_number((xi(t) - 1) ** 2)), _EQUAL, _number(1 / pi(t) - 1), "two outcomes",
        ("How far one factor strays, given the cuts before.",), every, TwoOutcomes(law), LAW,
    )  # fmt: skip
    one = term(theory)
    summed = Sum(Mean(scale(1 / pi(i) - 1, matmul(one.T, one))), i, 2, theory.length)
    fixed = (theory.b(), theory.c(), theory.delta(), theory.g())
    yield GrowthStep(
        "variance.martingale", Mean(matmul(gap.T, gap)), _EQUAL, theory.weight**2 * summed, "martingale differences",
        ("The covariance of the whole gradient: given the past every term of the error has the mean zero, so that "
         "terms of different steps are not correlated.",),
        (), Martingale("error.identity", "mean.law", "variance.law", "error.gap", fixed), NEEDS,
    )  # fmt: skip


def _of_number(theory: Theory, law: Law) -> Iterator[GrowthStep]:
    a, b, c, z, e, one = Scalars(theory).letters
    own, every, i = Letters(theory), (over(t, 1, theory.length),), theory.early
    before, other = t - 1, k if i != k else sp.Symbol("l", integer=True)
    yield GrowthStep(
        "variance.define", _number(V(t)), _EQUAL, Mean(_number((z(t) - a(t)) ** 2)), "definition",
        ("For one parameter and one unit, where all letters are numbers and the chances do not depend on the past.",),
        (over(t, 0, theory.length),), None, SCALAR,
    )  # fmt: skip
    read = (
        (theory.c(), c(t)), (theory.a(before), a(before)), (own.z(before), a(before) + e(before)),
        (own.error(before), e(before)), (theory.b(), b(t)),
    )  # fmt: skip
    yield GrowthStep(
        "variance.recursion", _number(V(t)), _EQUAL,
        _number(c(t) ** 2 * V(before) / pi(t) + (1 / pi(t) - 1) * c(t) ** 2 * a(before) ** 2), "second moments",
        ("What has gone astray is carried on and blown up by ", 1 / pi(t), "; each step adds its own share."), every,
        Moments(law, "error.recurrence", read, e(before), V(before), "mean.equal"), SCALAR,
    )  # fmt: skip

    def share(time: sp.Symbol) -> sp.Expr:
        return sp.Product(c(j), (j, time + 1, t)) * b(time)

    weight = sp.Product(1 / pi(j), (j, sp.Max(i, other) + 1, t)) - 1
    yield GrowthStep(
        "variance.sum", _number(V(t)), _EQUAL,
        Sum(Sum(_number(weight * share(i) * share(other)), other, 1, t), i, 1, t), "solve the recursion",
        ("Solved: two terms of ", theory.a(), " stray together as far as they have factors in common."), every, None,
        SCALAR,
    )  # fmt: skip
    yield GrowthStep(
        "variance.onestep", Mean(_number((one(t) - a(t)) ** 2)), _EQUAL,
        _number((1 / pi(t) - 1) * c(t) ** 2 * a(before) ** 2), "second moments",
        ("The estimate with the exact step before strays by its last factor alone.",), every,
        Moments(law, "onestep.define", read, e(before), V(before), "onestep.unbiased", "recursion.short"), SCALAR,
    )  # fmt: skip
