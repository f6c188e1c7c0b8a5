"""Which steps about growth are instances of theorems that Coq has checked (``proofs/Growth.v``).

A theorem's statement is transcribed once into the letters of a cell; a step is covered when it says the same, symbol
for symbol.  The theorems are about any N with N(x y) ≤ N(x) N(y) and N(1) ≤ 1, which ‖·‖ is (σ_n the other way
round).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from derive.build import matmul, ordered_product
from derive.expr import Node, Var
from derive.growth.formulas.below import VECTORS
from derive.growth.formulas.bounds import pairs, whole
from derive.growth.formulas.nodes import Condition, Least, Power, Radius, Size
from derive.growth.formulas.step import GrowthStep, Relation
from derive.indices import T, j, k, t
from derive.prover import over
from derive.prover.facts import Range
from derive.theory import Theory
from verify.rungs import THEOREM
from verify.theorem import record
from verify.verdicts import Finding, Verdict


@dataclass(frozen=True)
class Transcript:
    """What a theorem says, in the letters of one cell."""

    theorem: str
    step: str
    lhs: Node
    relation: Relation
    rhs: Node
    where: tuple[Range, ...]

    def is_said_by(self, step: GrowthStep) -> bool:
        ours = (self.step, self.lhs, self.relation, self.rhs, self.where)
        return ours == (step.key, step.lhs, step.relation, step.rhs, step.where)


Statements = Callable[[Theory, Sequence[GrowthStep]], Iterable[Transcript]]


def _chain(theory: Theory, steps: Sequence[GrowthStep]) -> Iterator[Transcript]:
    """For the chain of any cell; g_j is whatever ``growth.factor`` has on the right."""
    early, where, chain = theory.early, pairs(theory), whole(theory)
    at_most = Relation.AT_MOST
    norms, leasts = (ordered_product(of(theory.c(j)), j, early + 1, t) for of in (Size, Least))
    yield Transcript("Growth.submultiplicative", "growth.submultiplicative", Size(chain), at_most, norms, where)
    yield Transcript("Growth.supermultiplicative", "growth.least", leasts, at_most, Least(chain), where)
    bound = next((step.rhs for step in steps if step.key == "growth.factor"), None)
    if bound is not None:
        product, power = ordered_product(bound, j, early + 1, t), Power(bound, t - early)
        yield Transcript("Growth.factorwise", "growth.product", Size(chain), at_most, product, where)
        yield Transcript("Growth.bounded_by_power", "growth.bound", Size(chain), at_most, power, where)


def _linear(theory: Theory, steps: Sequence[GrowthStep]) -> Iterator[Transcript]:
    """For the powers of one matrix."""
    W = next(w for w in theory.phase.parameters if w.name == "W_h")
    X, lags = Var(VECTORS, *W.shape, kind="constant"), (over(k, 0, T),)
    power, radius, at_most = Power(W, k), Power(Radius(W), k), Relation.AT_MOST
    yield Transcript("Growth.bounded_by_power", "linear.above", Size(power), at_most, Power(Size(W), k), lags)
    yield Transcript("Growth.eigenvalue_below", "linear.below", radius, at_most, Size(power), lags)
    bound = matmul(Condition(X), radius)
    yield Transcript("Growth.power_of_similar", "linear.vectors", Size(power), at_most, bound, lags)
    yield Transcript("Growth.bounded_below_by_power", "linear.least", Power(Least(W), k), at_most, Least(power), lags)


def covered(theory: Theory, steps: Sequence[GrowthStep]) -> Iterator[Finding]:
    """A finding for every step that a theorem is about: PROVED where it is an instance, else NOT RUN."""
    linear = any(step.key.startswith("linear.") for step in steps)
    named = {step.key: step for step in steps}
    for transcript in (_linear if linear else _chain)(theory, steps):
        step = named.get(transcript.step)
        if step is None:
            continue
        verdict, reason = Verdict.NOT_RUN, "the step is no instance of the theorem"
        if transcript.theorem not in record():
            reason = "there is no such theorem in the record"
        elif transcript.is_said_by(step):
            verdict = Verdict.PROVED
            reason = f"an instance of a theorem (proofs/{record()[transcript.theorem].file})"
        yield Finding(step.key, THEOREM, verdict, reason=reason, theorem=transcript.theorem)
