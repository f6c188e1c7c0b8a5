"""Steps about truncation, decided in exact arithmetic at random rational instances; means over all runs."""

from __future__ import annotations

from collections.abc import Iterator

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.evaluate import evaluate
from derive.growth.formulas.step import GrowthStep, Relation
from derive.truncation.formulas.law import REWEIGHTED, Law
from verify.growth.formulas.bindings import bindings
from verify.truncation.formulas.instances import Instance
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "exact instances"
SEEDS = range(2)


def judged(step: GrowthStep, derivation: Derivation, law: Law = REWEIGHTED, seeds: range = SEEDS) -> Finding:
    """EXACT where both sides are equal at every instance, REFUTED with the first where they are not."""
    count = 0
    for where, left, right, holds in compared(step, derivation, law, seeds):
        count += 1
        if not holds:
            return Finding(step.key, EVIDENCE, Verdict.REFUTED, witness=Witness(where, right, left))
    if not count:
        return Finding(step.key, EVIDENCE, Verdict.NOT_RUN, reason="no index is in its range")
    return Finding(step.key, EVIDENCE, Verdict.EXACT, reason=f"at {count} random rational instances, n = 1 and 2")


def compared(step: GrowthStep, derivation: Derivation, law: Law, seeds: range) -> Iterator[tuple[str, str, str, bool]]:
    """Where, both sides as text, and whether the step holds there."""
    for seed in seeds:
        numbers = Instance(derivation, seed, step.needs, law)
        for bound in bindings(step.where, numbers.sizes):
            at = {**numbers.sizes, **bound}
            here = numbers.at(at)
            left, right = (evaluate(side, here, at) for side in (step.lhs, step.rhs))
            holds = (left == right).all() if step.relation is Relation.EQUAL else left[0, 0] <= right[0, 0]
            where = ", ".join([f"seed {seed}", *(f"{symbol} = {number}" for symbol, number in bound.items())])
            yield where, _text(left), _text(right), bool(holds)


def _text(value: Array) -> str:
    rows = value.tolist()
    return "[" + "; ".join(", ".join(map(str, row)) for row in rows) + "]"
