"""Steps about sizes, decided in exact arithmetic at random rational instances.

An inequality is decided where the enclosures of its sides are apart; where they overlap, the sides are equal as far as
the enclosures tell.  An equation between rational numbers is exact; in one that holds for any numbers, σ₁ is a rational
number no less than it; one between norms is as good as the enclosures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.derivation import Derivation
from derive.evaluate import Binding, evaluate
from derive.expr import is_scalar
from derive.growth.formulas.nodes import Measure
from derive.growth.formulas.step import GrowthStep, Relation
from derive.sums import walk
from verify.growth.formulas.bindings import bindings
from verify.growth.formulas.enclosing import enclosed
from verify.growth.formulas.instances import Instance
from verify.growth.formulas.rationals import Interval, NotRationalError
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "exact instances"
SEEDS = range(6)
_NARROW = 1e-9


@dataclass(frozen=True)
class Compared:
    """One instance: whether the step holds there, fails there, or only does not contradict the enclosures."""

    where: str
    left: str
    right: str
    holds: bool
    fails: bool
    width: float


def judged(step: GrowthStep, derivation: Derivation, seeds: range = SEEDS) -> Finding:
    """EXACT or ENCLOSED where the step holds at every instance, REFUTED with the first where it does not."""
    try:
        found = list(compared(step, derivation, seeds))
    except NotRationalError as error:
        return Finding(step.key, EVIDENCE, Verdict.NOT_RUN, reason=str(error))
    failed = next((one for one in found if one.fails), None)
    if failed is not None:
        return Finding(step.key, EVIDENCE, Verdict.REFUTED, witness=Witness(failed.where, failed.right, failed.left))
    decided, widest = sum(one.holds for one in found), max((one.width for one in found), default=1.0)
    if not found or widest > _NARROW:
        return Finding(step.key, EVIDENCE, Verdict.NOT_RUN, reason="the enclosures are too wide to decide")
    how = f"at {len(found)} random rational instances, n = 2 and 3"
    if decided == len(found):
        return Finding(step.key, EVIDENCE, Verdict.EXACT, reason=f"decided {how}")
    if step.relation is Relation.AT_MOST and decided:
        return Finding(
            step.key, EVIDENCE, Verdict.EXACT,
            reason=f"decided at {decided} of {len(found)} random rational instances; equal within the enclosures at "
            "the others",
        )  # fmt: skip
    return Finding(step.key, EVIDENCE, Verdict.ENCLOSED, radius=widest, reason=f"both sides overlap {how}")


def compared(step: GrowthStep, derivation: Derivation, seeds: range) -> Iterator[Compared]:
    """Both sides at every value of the indices, for every seed."""
    for seed in seeds:
        instance = Instance(derivation, seed, step.needs, pointed=step.relation is Relation.EQUAL and not step.needs)
        for at in bindings(step.where, instance.sizes):
            where = ", ".join([f"seed {seed}", *(f"{symbol} = {number}" for symbol, number in at.items())])
            yield _one(step, instance, {**instance.sizes, **at}, where)


def _one(step: GrowthStep, instance: Instance, at: Binding, where: str) -> Compared:
    measured = any(isinstance(part, Measure) for side in (step.lhs, step.rhs) for part in walk(side))
    if not measured:
        return _exactly(step, instance, at, where)
    left, right = (enclosed(side, instance, at) for side in (step.lhs, step.rhs))
    apart = left.above(right) or (step.relation is Relation.EQUAL and right.above(left))
    if step.relation is Relation.EQUAL:
        same = left == right and left.low == left.high
        return Compared(where, _text(left), _text(right), same, apart, max(left.width, right.width))
    return Compared(where, _text(left), _text(right), left.below(right), apart, max(left.width, right.width))


def _exactly(step: GrowthStep, instance: Instance, at: Binding, where: str) -> Compared:
    left, right = (evaluate(side, instance, at) for side in (step.lhs, step.rhs))
    same = bool((left == right).all() if step.relation is Relation.EQUAL else left[0, 0] <= right[0, 0])
    shown = [str(side[0, 0]) if is_scalar(step.lhs) else str(side.tolist()) for side in (left, right)]
    return Compared(where, shown[0], shown[1], same, not same, 0.0)


def _text(number: Interval) -> str:
    return f"{float((number.low + number.high) / 2):.12g}"
