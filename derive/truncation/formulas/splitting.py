"""Proof by splitting a sum in two: Σ_{t=l}^{u} = Σ_{t=l}^{m} + Σ_{t=m+1}^{u}, and rewriting each part on its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp

from derive.build import add
from derive.errors import ProofError
from derive.expr import Node
from derive.indices import t
from derive.prover import Given, Rewriting
from derive.prover.domain import Domain
from derive.prover.facts import Fact, Known, assumptions
from derive.sums import Sum, rewrite


@dataclass(frozen=True)
class Splitting(Rewriting):
    """``Rewriting``, once every sum over ``index`` on the left is split after ``last``."""

    index: sp.Symbol = t
    last: sp.Expr = t

    @property
    def method(self) -> str:
        return f"the sum is split after {self.index} = {self.last}"

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        split = Given(self._split(claim.lhs, assumptions(claim.where)), claim.rhs, claim.where)
        yield f"every sum over {self.index} is split after {self.last}"
        yield from Rewriting.argue(self, split, known)

    def _split(self, node: Node, domain: Domain) -> Node:
        def in_two(part: Node) -> Node | None:
            if not isinstance(part, Sum) or part.index != self.index:
                return None
            if not (domain.proves(self.last, part.lower - 1) and domain.proves(part.upper, self.last)):
                raise ProofError(f"{self.last} is not known to lie within {part.lower} to {part.upper}")
            return add(
                Sum(part.body, part.index, part.lower, self.last),
                Sum(part.body, part.index, self.last + 1, part.upper),
            )

        return rewrite(node, in_two)
