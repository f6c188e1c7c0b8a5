"""A step about sizes: an equation or an inequality, with its law, its reason and its proof."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from derive.derivation import Prose
from derive.errors import ShapeError
from derive.expr import Node, is_scalar, shaped
from derive.prover.claim import Claim, Method
from derive.prover.facts import Fact, Range


class Relation(StrEnum):
    """What stands between the two sides."""

    EQUAL = "="
    AT_MOST = "≤"


@dataclass(frozen=True)
class GrowthStep:
    """lhs = rhs or lhs ≤ rhs, for every index in ``where``.

    Like ``derive.derivation.Step``; both sides of an inequality are numbers (1×1).  ``proof`` is None for a
    definition, and for a fact of linear algebra that evidence of another kind has to support.  ``needs`` says what the
    step supposes of a matrix ("normal", "diagonalisable"), for whoever draws instances.
    Raises ShapeError where the sides do not compare, ValueError for an equation with a proof that only orders (such a
    method says so by ``orders``).
    """

    key: str
    lhs: Node
    relation: Relation
    rhs: Node
    rule: str
    because: Prose
    where: tuple[Range, ...] = ()
    proof: Method | None = None
    needs: str = ""

    def __post_init__(self) -> None:
        if self.lhs.shape != self.rhs.shape:
            raise ShapeError(f"{self.key}: {shaped(self.lhs)} {self.relation} {shaped(self.rhs)} compares shapes")
        if self.relation is Relation.AT_MOST and not is_scalar(self.lhs):
            raise ShapeError(f"{self.key}: only numbers are ordered, not {shaped(self.lhs)}")
        if self.relation is Relation.EQUAL and getattr(self.proof, "orders", False):
            raise ValueError(f"{self.key}: a proof of ≤ proves no equation")

    def claim(self, known: dict[str, Fact]) -> Claim:
        """The step as a claim for the prover, which may rest on ``known`` alone.

        Raises ValueError where the step carries no proof.
        """
        if self.proof is None:
            raise ValueError(f"{self.key} carries no proof")
        return Claim(self.lhs, self.rhs, self.proof, self.where, known, self.key)


def named(steps: tuple[GrowthStep, ...], key: str) -> GrowthStep:
    """The step of that key.  Raises KeyError where there is none."""
    for step in steps:
        if step.key == key:
            return step
    raise KeyError(f"there is no step {key!r}")
