"""Proof by taking the mean of a recurrence: 𝔼 (b + ξ c z) = b + v c 𝔼 z, where v is the mean of ξ given the past.

The tower rule: z_{t−1} depends on the decisions before step t alone, so 𝔼 (ξ_t z_{t−1}) = 𝔼 (𝔼(ξ_t | past) z_{t−1}),
and where the conditional mean is one number v, whatever the past was, that is v 𝔼 z_{t−1}.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.build import add, matmul, scale
from derive.errors import ProofError
from derive.expr import Fill, Identity, Node, Var
from derive.prover import Method
from derive.prover.domain import Domain
from derive.prover.facts import Fact, Known, assumptions, claimed_at, required
from derive.prover.normal_form import normal_form, why_equal
from derive.prover.notes import Context
from derive.prover.terms import Term
from derive.prover.unfolding import unfold
from derive.truncation.formulas.letters import xi
from derive.truncation.formulas.mean import Mean


@dataclass(frozen=True)
class Averaging(Method):
    """The claim is the mean of the fact ``recurrence``, by the fact ``law`` about the mean of its factor.

    ``named`` may be a definition that gives the mean of what the recurrence is about a name.  ``fixed`` are the letters
    that are the same on every run; any other is taken to depend on the decisions up to its time.
    """

    recurrence: str
    law: str
    fixed: tuple[Var, ...]
    named: str = ""

    @property
    def method(self) -> str:
        return "the mean of both sides"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.recurrence, self.law, *((self.named,) if self.named else ()))

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        domain = assumptions(claim.where)
        names = (known[self.named],) if self.named else ()
        left, right = (unfold(side, names, domain) for side in (claim.lhs, claim.rhs))
        if not isinstance(left, Mean) or not isinstance(left.body, Var):
            raise ProofError(f"{left} is not the mean of a letter")
        rule = required(known[self.recurrence], left.body, domain)
        terms = normal_form(rule, Context(domain))
        factor = xi(left.body.args[3])
        mean = sp.Integer(0)
        if any(term.coefficient.has(factor) for term in terms):
            mean = self._mean_of(factor, known[self.law], domain)
            yield f"given the past, {factor} has the mean {mean}"
        yield f"take the mean of {self.recurrence}"
        averaged = [self._averaged(term, left.body, mean) for term in terms]
        yield from why_equal(right, add(*averaged) if averaged else scale(0, left), domain)

    def _mean_of(self, factor: sp.Expr, law: Fact, domain: Domain) -> sp.Expr:
        """v, where the law says that the mean of the factor is v at every index, whatever the past was."""
        if law.lhs != Mean(Fill(factor, 1, 1)) or not isinstance(law.rhs, Fill) or not claimed_at(law, None, domain):
            raise ProofError(f"{self.law} does not say what the mean of {factor} is, at every index of the claim")
        if law.rhs.value.atoms(sp.Function):
            raise ProofError(f"the mean of {factor} is {law.rhs.value}, which is not one number whatever the past was")
        return law.rhs.value

    def _averaged(self, term: Term, about: Var, mean: sp.Expr) -> Node:
        """The mean of one term, in which the factor of this step and one earlier random letter may stand."""
        time = about.args[3]
        coefficient = term.coefficient
        factors = coefficient.atoms(sp.Function)
        if term.ranges or factors - {xi(time)} or not coefficient.is_polynomial(*factors):
            raise ProofError(f"nothing is known about the mean of {term}")
        if factors and sp.Poly(coefficient, xi(time)).degree() > 1:
            raise ProofError(f"{coefficient} is not linear in the factor")
        met = [part for part in term.word if self._is_random(part)]
        if len(met) > 1 or any(not self._is_earlier(part, time) for part in met):
            raise ProofError(f"{term} is not linear in what depends on the past alone")
        word = tuple(Mean(part) if part in met else part for part in term.word)
        body = matmul(*word) if word else Identity(about.shape[0])
        return scale(coefficient.xreplace({xi(time): mean}), body)

    def _is_random(self, part: Node) -> bool:
        letters = {own.head for own in sp.preorder_traversal(part) if isinstance(own, Var)}
        return not letters <= {own.head for own in self.fixed}

    def _is_earlier(self, part: Node, time: sp.Expr) -> bool:
        own = part.time if isinstance(part, Var) else None
        return own is not None and bool(sp.expand(time - own).is_positive)
