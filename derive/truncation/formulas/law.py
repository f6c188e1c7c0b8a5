"""The law of one factor: cut with some chance, kept else; and what is computed from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.errors import ProofError
from derive.expr import Fill
from derive.indices import t
from derive.prover import Method
from derive.prover.facts import Fact, Known
from derive.truncation.formulas.letters import kappa, pi, xi
from derive.truncation.formulas.mean import Mean


@dataclass(frozen=True)
class Law:
    """What a factor is after a cut and what it is where nothing is cut, given all decisions before."""

    chance: sp.Expr
    cut: sp.Expr
    kept: sp.Expr

    def written(self) -> sp.Expr:
        """The mean as a sum over the two outcomes, left as it is."""
        outcomes = ((self.chance, self.cut), (1 - self.chance, self.kept))
        return sp.Add(*(sp.Mul(chance, value, evaluate=False) for chance, value in outcomes), evaluate=False)

    def mean(self, of: sp.Expr, letter: sp.Expr) -> sp.Expr:
        """The mean of an expression in the factor, whose ``letter`` this is."""
        at = [of.xreplace({letter: value}) for value in (self.cut, self.kept)]
        return sp.cancel(sp.together(self.chance * at[0] + (1 - self.chance) * at[1]))


FACTOR = xi(t)
REWEIGHTED = Law(kappa(t - 1), sp.Integer(0), 1 / (1 - kappa(t - 1)))
"""The law of ξ_t: zero with the chance κ_{t−1}, and else the inverse of the chance of that."""


def keeping(expr: sp.Expr) -> sp.Expr:
    """With π_t, the chance to keep, written as 1 − κ_{t−1}."""
    return expr.replace(pi, lambda time: 1 - kappa(time - 1))


@dataclass(frozen=True)
class TwoOutcomes(Method):
    """The mean over two outcomes is the sum of chance times value, simplified as a rational function of the chance."""

    law: Law = REWEIGHTED
    letter: sp.Expr = FACTOR
    method = "the mean over two outcomes"
    premises = ()

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        if not isinstance(claim.lhs, Mean) or not isinstance(claim.lhs.body, Fill) or not isinstance(claim.rhs, Fill):
            raise ProofError(f"{claim.lhs} is no mean of a number")
        found = self.law.mean(claim.lhs.body.value, self.letter)
        if sp.cancel(sp.together(found - keeping(claim.rhs.value))) != 0:
            raise ProofError(f"the mean of {claim.lhs.body.value} is {found}, not {claim.rhs.value}")
        yield f"{self.law.chance} times the value {self.law.cut}, and the rest times {self.law.kept}: {found}"
