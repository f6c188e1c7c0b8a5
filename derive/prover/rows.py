"""The proof that reads one row off an equation of stacked columns."""

from __future__ import annotations

from dataclasses import dataclass

from derive.expr import Block, Var
from derive.prover.facts import Fact, Known, assumptions, instance
from derive.prover.rewriting import equal_under
from derive.prover.unfolding import unfold_all


@dataclass(frozen=True)
class RowOf:
    """A row of blocks of the step ``whole``, whose sides become blocks once the steps of ``using`` are put in.

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

    def holds(self, step: Fact, derivation: Known) -> bool:
        whole, domain = derivation[self.whole], assumptions(step.where)
        if not isinstance(whole.lhs, Var) or not isinstance(step.lhs, Var):
            return False
        facts = tuple(derivation[key] for key in self.using)
        right = instance(whole, whole.lhs.head.at(step.lhs.args[3]), domain)
        if right is None or not self._is_part(step.lhs, whole.lhs, facts):
            return False
        ours, theirs = unfold_all(step.rhs, facts, domain), unfold_all(right, facts, domain)
        if not isinstance(theirs, Block):
            return False
        return equal_under(ours, theirs.rows[self.row][0], domain)

    def _is_part(self, row: Var, whole: Var, facts: tuple[Fact, ...]) -> bool:
        """Whether some step defines ``whole`` as a stack with ``row`` at this place."""
        for fact in facts:
            if isinstance(fact.lhs, Var) and fact.lhs.head == whole.head and isinstance(fact.rhs, Block):
                (found,) = fact.rhs.rows[self.row]
                return isinstance(found, Var) and found.head == row.head
        return False
