"""Proofs about second moments: of one factor, of a sum of martingale differences, and of a recurrence of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy as sp
from sympy.core.function import AppliedUndef

from derive.build import matmul, scale, split_factor
from derive.errors import ProofError
from derive.expr import Fill, Node, Var
from derive.prover import Method
from derive.prover.domain import Domain
from derive.prover.facts import Fact, Known, assumptions
from derive.prover.normal_form import normal_form
from derive.prover.notes import Context
from derive.sums import Sum
from derive.truncation.formulas.law import FACTOR, Law, keeping
from derive.truncation.formulas.letters import xi
from derive.truncation.formulas.mean import Mean
from derive.truncation.formulas.specialised import same


@dataclass(frozen=True)
class Martingale(Method):
    """𝔼 dᵀd = Σ_i 𝔼 v_i f_iᵀ f_i for d = Σ_i (ξ_i − 1) f_i, where f_i depends on the decisions before step i alone.

    Given the past ξ_i − 1 has the mean 0 (``mean``), so that the products of different terms have none, and its square
    the mean v_i (``square``).  ``named`` gives d its letter; ``fixed`` are the letters that are the same on every run.
    """

    identity: str
    mean: str
    square: str
    named: str
    fixed: tuple[Var, ...]
    method = "martingale differences"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.identity, self.mean, self.square, self.named)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        identity, mean, square, named = (known[key] for key in self.premises)
        front, whole = split_factor(identity.rhs)
        if not isinstance(whole, Sum):
            raise ProofError(f"{self.identity} is no single sum")
        if named.rhs != identity.lhs or claim.lhs != Mean(matmul(named.lhs.T, named.lhs)):
            raise ProofError(f"{claim.lhs} is not the mean of the square of {identity.lhs}")
        factor, term = split_factor(whole.body)
        self._past_alone(term, whole.index, factor)
        at = {FACTOR.args[0]: whole.index}
        if mean.lhs != Mean(Fill(FACTOR, 1, 1)) or mean.rhs != Fill(1, 1, 1):
            raise ProofError(f"{self.mean} does not say that the factor has the mean 1")
        yield "given the past each term has the mean 0, so the products of two different terms have the mean 0"
        if square.lhs != Mean(Fill((FACTOR - 1) ** 2, 1, 1)) or not isinstance(square.rhs, Fill):
            raise ProofError(f"{self.square} says nothing about the square of {FACTOR - 1}")
        value = square.rhs.value.xreplace(at)
        body = Mean(scale(value, matmul(term.T, term)))
        expected = scale(front**2, Sum(body, whole.index, whole.lower, whole.upper))
        if not same(claim.rhs, expected):
            raise ProofError(f"what is left is {expected}, not {claim.rhs}")
        yield f"and the square of a term, given the past, {value} times that of what stands behind the factor"

    def _past_alone(self, term: Node, index: sp.Symbol, factor: sp.Expr) -> None:
        if sp.expand(factor - xi(index) + 1) != 0 or any(part.atoms(AppliedUndef) for part in _scalars(term)):
            raise ProofError(f"the terms are not {xi(index) - 1} times something of the past")
        for part in sp.preorder_traversal(term):
            fixed = not isinstance(part, Var) or part.head in {own.head for own in self.fixed}
            if not fixed and not (part.time is not None and sp.expand(index - part.time).is_positive):
                raise ProofError(f"{part} is not known before step {index}")


def _scalars(node: Node) -> Iterator[sp.Expr]:
    yield from (part for part in node.args if isinstance(part, sp.Expr))
    for part in node.parts:
        yield from _scalars(part)


@dataclass(frozen=True)
class Moments(Method):
    """The mean square of an error of one number, from the recurrence of the error.

    ``of`` less ``less``, where that is given, is the error of a step; ``read`` says what its letters are as numbers.
    Then ξ takes its two values, ``error`` has the mean 0 (fact ``centred``) and its square the mean ``variance``.
    """

    law: Law
    of: str
    read: tuple[tuple[Node, sp.Expr], ...]
    error: sp.Expr
    variance: sp.Expr
    centred: str
    less: str = ""
    method = "second moments"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.of, self.centred, *((self.less,) if self.less else ()))

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        domain = assumptions(claim.where)
        step = read_scalar(known[self.of].rhs, dict(self.read), domain)
        if self.less:
            step = step - read_scalar(known[self.less].rhs, dict(self.read), domain)
        yield f"the error of a step is {sp.factor(step)}"
        square = sp.Poly(sp.expand(self.law.mean(sp.expand(step**2), FACTOR)), self.error)
        if square.degree() > 2:
            raise ProofError(f"{square} is of a higher degree than two in {self.error}")
        found = square.coeff_monomial(1) + square.coeff_monomial(self.error**2) * self.variance
        if not isinstance(claim.rhs, Fill) or sp.cancel(sp.together(keeping(claim.rhs.value) - found)) != 0:
            raise ProofError(f"the mean square is {sp.factor(found)}, not {claim.rhs}")
        yield f"its mean square, with the mean of {self.error} zero and of its square {self.variance}: {found}"


def read_scalar(node: Node, letters: Mapping[Node, sp.Expr], domain: Domain) -> sp.Expr:
    """A sum of products of 1×1 matrices as a number.  Raises ProofError for a letter that is not known."""
    total = sp.Integer(0)
    for term in normal_form(node, Context(domain)):
        unknown = [part for part in term.word if part not in letters]
        if unknown or term.ranges:
            raise ProofError(f"{term} is not read as a number")
        total += term.coefficient * sp.Mul(*(letters[part] for part in term.word))
    return total
