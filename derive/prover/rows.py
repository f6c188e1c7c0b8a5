"""The proof that reads one row off an equation of stacked columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import ProofError
from derive.expr import Block, Var
from derive.prover.claim import Method
from derive.prover.domain import Domain
from derive.prover.facts import Fact, Known, assumptions, instance, required
from derive.prover.normal_form import why_equal
from derive.prover.unfolding import unfold_all


@dataclass(frozen=True)
class RowOf(Method):
    """A row of blocks of the fact ``whole``, whose sides become blocks once the facts of ``using`` are put in.

    One of those has to define the left side of ``whole`` as a stack, with the left side of the claim in that row.
    """

    whole: str
    using: tuple[str, ...]
    row: int

    @property
    def method(self) -> str:
        return f"row {self.row + 1} of the blocks"

    @property
    def premises(self) -> tuple[str, ...]:
        return (self.whole, *self.using)

    def argue(self, claim: Fact, known: Known) -> Iterator[str]:
        whole, domain = known[self.whole], assumptions(claim.where)
        if not isinstance(whole.lhs, Var) or not isinstance(claim.lhs, Var):
            raise ProofError("a row is read off an equation for a variable, and for one")
        stacked = whole.lhs.head.at(claim.lhs.args[3])
        right = required(whole, stacked, domain)
        facts = tuple(known[key] for key in self.using)
        ours, theirs = unfold_all(claim.rhs, facts, domain), unfold_all(right, facts, domain)
        stack = self._stack(claim.lhs, stacked, facts, domain)
        if not isinstance(theirs, Block) or theirs.heights != stack.heights or len(theirs.widths) > 1:
            raise ProofError(f"the right-hand side of {self.whole} is not stacked like {stacked}")
        yield f"row {self.row + 1} of {stacked} is {claim.lhs}"
        yield from (f"put in {key}" for key in self.using)
        yield from why_equal(ours, theirs.rows[self.row][0], domain)

    def _stack(self, row: Var, whole: Var, facts: tuple[Fact, ...], domain: Domain) -> Block:
        """What some fact says that ``whole`` is: a stack with ``row`` at this place."""
        for fact in facts:
            found = instance(fact, whole, domain)
            if isinstance(found, Block) and found.rows[self.row] == (row,):
                return found
        raise ProofError(f"nothing says that {row} is row {self.row + 1} of {whole}")
