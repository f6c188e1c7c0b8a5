"""All steps about truncation, in the order in which they are told."""

from __future__ import annotations

from derive.derivation import Derivation
from derive.growth.formulas.step import GrowthStep, Relation
from derive.prover import Proof, Refusal, prove
from derive.prover.facts import Fact
from derive.theory import Theory
from derive.truncation.formulas import chunks, constant, error, links, one_step, tail, unbiased, variance, window


def steps(derivation: Derivation) -> tuple[GrowthStep, ...]:
    """For the phase with the losses."""
    theory = Theory(derivation.model)
    chapters = (window, tail, links, error, chunks, unbiased, one_step, variance, constant)
    return tuple(step for chapter in chapters for step in chapter.steps(theory))


def known(derivation: Derivation, steps_: tuple[GrowthStep, ...], step: GrowthStep) -> dict[str, Fact]:
    """What a proof may rest on: the whole derivation, and the steps before the one that is proved.

    Of those only equations, for a method that does not say by ``orders`` that it knows what to do with ≤.
    """
    before = steps_[: steps_.index(step)] if step in steps_ else steps_
    orders = getattr(step.proof, "orders", False)
    facts: dict[str, Fact] = {own.key: own for own in derivation.steps}
    return facts | {own.key: own for own in before if orders or own.relation is Relation.EQUAL}


def proved(derivation: Derivation, steps_: tuple[GrowthStep, ...], step: GrowthStep) -> Proof | Refusal:
    """Prove one step from those before it.  Raises ValueError where it carries no proof."""
    return prove(step.claim(known(derivation, steps_, step)))
