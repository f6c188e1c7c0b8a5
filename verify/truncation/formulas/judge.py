"""All the evidence about the formulas of truncation, for the phase of a derivation that has the losses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.derivation import Derivation
from derive.growth.formulas.step import GrowthStep
from derive.prover import Proof
from derive.theory import Theory
from derive.truncation.formulas.assembled import proved, steps
from derive.truncation.formulas.law import REWEIGHTED, Law
from verify.rungs import PROOF
from verify.truncation.formulas import exact, theorems
from verify.verdicts import Finding, Verdict


def evidence(derivation: Derivation) -> tuple[Finding, ...]:
    """Of every step: exact instances, its proof where it carries one, and the theorems that it is an instance of."""
    return tuple(of_steps(derivation, steps(derivation)))


def of_steps(derivation: Derivation, chosen: Sequence[GrowthStep], law: Law = REWEIGHTED) -> Iterator[Finding]:
    """``law`` is that of the factor in the steps about means."""
    every, standing = tuple(chosen), {step.key: Verdict.EXACT for step in derivation.steps}
    for step in every:
        finding = exact.judged(step, derivation, law)
        standing[step.key] = finding.verdict
        yield finding
    doubted = {key for key, verdict in standing.items() if verdict is Verdict.REFUTED}
    for step in every:
        if step.proof is not None:
            finding = _proven(step, derivation, every, doubted)
            doubted |= {step.key} if finding.verdict is not Verdict.PROVED else set()
            yield finding
    yield from theorems.covered(Theory(derivation.model), every, doubted)


def _proven(step: GrowthStep, derivation: Derivation, every: tuple[GrowthStep, ...], doubted: set[str]) -> Finding:
    """PROVED, or NOT RUN with the reason; nothing is proved from a step that is refuted, or not proved itself."""
    assert step.proof is not None
    resting = [key for key in step.proof.premises if key in doubted]
    if resting:
        reason = f"rests on {', '.join(resting)}, which does not stand"
        return Finding(step.key, PROOF, Verdict.NOT_RUN, reason=reason)
    answer = proved(derivation, every, step)
    if isinstance(answer, Proof):
        return Finding(step.key, PROOF, Verdict.PROVED, reason=answer.method)
    return Finding(step.key, PROOF, Verdict.NOT_RUN, reason=f"the proof does not go through: {answer.reason}")
