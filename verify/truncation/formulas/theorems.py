"""Which steps about truncation are instances of theorems that Coq has checked.

A theorem's statement is transcribed once into the letters of a cell; a step is covered when it says the same, symbol
for symbol, and none of the steps that the theorem supposes is in doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from derive.expr import Node
from derive.growth.formulas.step import GrowthStep
from derive.indices import s, t
from derive.prover import over
from derive.prover.facts import Range
from derive.sums import Sum
from derive.theory import Theory
from derive.truncation.formulas.letters import Letters, tau
from derive.truncation.formulas.mean import Mean
from verify.rungs import THEOREM
from verify.theorem import record
from verify.verdicts import Finding, Verdict


@dataclass(frozen=True)
class Transcript:
    """What a theorem says, in the letters of one cell; ``premises`` are the steps that it supposes."""

    theorem: str
    step: str
    lhs: Node
    rhs: Node
    where: tuple[Range, ...] = ()
    premises: tuple[str, ...] = ()

    def is_said_by(self, step: GrowthStep) -> bool:
        ours = (self.step, "=", self.lhs, self.rhs, self.where)
        return ours == (step.key, str(step.relation), step.lhs, step.rhs, step.where)


def transcripts(theory: Theory) -> Iterator[Transcript]:
    """All of them, for one derivation."""
    yield from _window(theory)
    yield from _links(theory)
    yield from _mean(theory)


def _window(theory: Theory) -> Iterator[Transcript]:
    i, a, b, T_ = theory.early, theory.a, theory.b, theory.length
    for theorem, step, first, where in (
        ("Expansion.expansion_from", "window.from", s, (over(t, 1, T_), over(s, 0, t - 1))),
        ("Expansion.expansion_from", "window.tail", t - tau, (over(tau, 1, T_), over(t, tau, T_))),
    ):
        kept = Sum(theory.chain(t, i + 1) @ b(i), i, first + 1, t)
        yield Transcript(theorem, step, a(), kept + theory.chain(t, first + 1) @ a(first), where, ("recursion.short",))


def _links(theory: Theory) -> Iterator[Transcript]:
    own, i, T_ = Letters(theory), theory.early, theory.length
    run = ("links.run", "links.start", "links.last", "links.back")
    forward = theory.weighted_sum(theory.g().T @ own.z())
    backward = theory.weight * Sum(own.delta(i).T @ theory.b(i), i, 1, T_)
    yield Transcript("Artbp.artbp_is_randomised_recursion", "links.equal", forward, backward, (), run)


def _mean(theory: Theory) -> Iterator[Transcript]:
    own, every, chance = Letters(theory), (over(t, 1, theory.length),), ("mean.law", "recursion.short")
    yield Transcript("Truncation.unbiased_given_the_past", "mean.equal", own.mean(), theory.a(), every,
                     ("mean.define", "links.run", "links.start", "recursion.start", *chance))  # fmt: skip
    yield Transcript("Truncation.one_step_unbiased", "onestep.unbiased", Mean(own.one()), theory.a(), every,
                     ("onestep.define", *chance))  # fmt: skip


def covered(theory: Theory, steps: Sequence[GrowthStep], doubted: Collection[str] = ()) -> Iterator[Finding]:
    """A finding for every step that a theorem is about: PROVED where it is an instance, else NOT RUN."""
    named = {step.key: step for step in steps}
    for transcript in transcripts(theory):
        step = named.get(transcript.step)
        if step is not None:
            yield _judged(transcript, step, [key for key in transcript.premises if key in doubted])


def _judged(transcript: Transcript, step: GrowthStep, doubted: Sequence[str]) -> Finding:
    verdict, reason = Verdict.NOT_RUN, "the step is no instance of the theorem"
    if transcript.theorem not in record():
        reason = "there is no such theorem in the record"
    elif doubted:
        reason = f"the theorem supposes {', '.join(doubted)}, which does not stand"
    elif transcript.is_said_by(step):
        verdict = Verdict.PROVED
        reason = f"an instance of a theorem (proofs/{record()[transcript.theorem].file})"
    return Finding(step.key, THEOREM, verdict, reason=reason, theorem=transcript.theorem)
