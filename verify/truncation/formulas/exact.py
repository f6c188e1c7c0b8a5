"""Steps about truncation, decided in exact arithmetic at random rational instances; means over all runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.evaluate import Binding, evaluate
from derive.growth.formulas.nodes import Measure
from derive.growth.formulas.step import GrowthStep, Relation
from derive.sums import walk
from derive.truncation.formulas.law import REWEIGHTED, Law
from verify.growth.formulas.bindings import bindings
from verify.growth.formulas.enclosing import enclosed
from verify.truncation.formulas.instances import Instance
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "exact instances"
SEEDS = range(2)


@dataclass(frozen=True)
class Compared:
    """One instance: both sides, whether the step holds or fails there, and how wide the enclosures are."""

    where: str
    left: str
    right: str
    fails: bool
    width: float = 0.0


def judged(step: GrowthStep, derivation: Derivation, law: Law = REWEIGHTED, seeds: range = SEEDS) -> Finding:
    """EXACT where the step holds at every instance, or ENCLOSED with norms; REFUTED with the first where it fails."""
    found: list[Compared] = []
    for one in compared(step, derivation, law, seeds):
        if one.fails:
            return Finding(step.key, EVIDENCE, Verdict.REFUTED, witness=Witness(one.where, one.right, one.left))
        found.append(one)
    if not found:
        return Finding(step.key, EVIDENCE, Verdict.NOT_RUN, reason="no index is in its range")
    widest, how = max(one.width for one in found), f"at {len(found)} random rational instances, n = 1 and 2"
    if widest:
        return Finding(step.key, EVIDENCE, Verdict.ENCLOSED, radius=widest, reason=how)
    return Finding(step.key, EVIDENCE, Verdict.EXACT, reason=how)


def compared(step: GrowthStep, derivation: Derivation, law: Law, seeds: range) -> Iterator[Compared]:
    """Both sides at every value of the indices, for every seed."""
    measured = any(isinstance(part, Measure) for side in (step.lhs, step.rhs) for part in walk(side))
    compare = _enclosed if measured else _exactly
    for seed in seeds:
        numbers = Instance(derivation, seed, step.needs, law)
        for bound in bindings(step.where, numbers.sizes):
            where = ", ".join([f"seed {seed}", *(f"{symbol} = {number}" for symbol, number in bound.items())])
            at = {**numbers.sizes, **bound}
            yield compare(step, numbers.at(at), at, where)


def _exactly(step: GrowthStep, here: Instance, at: Binding, where: str) -> Compared:
    left, right = (evaluate(side, here, at) for side in (step.lhs, step.rhs))
    holds = (left == right).all() if step.relation is Relation.EQUAL else left[0, 0] <= right[0, 0]
    return Compared(where, _text(left), _text(right), not holds)


def _enclosed(step: GrowthStep, here: Instance, at: Binding, where: str) -> Compared:
    """Sizes of matrices lie between two rational numbers; a step fails where these are apart."""
    left, right = (enclosed(side, here, at) for side in (step.lhs, step.rhs))
    apart = left.above(right) or (step.relation is Relation.EQUAL and right.above(left))
    return Compared(where, str(float(left.high)), str(float(right.high)), apart, max(left.width, right.width))


def _text(value: Array) -> str:
    return "[" + "; ".join(", ".join(map(str, row)) for row in value.tolist()) + "]"
