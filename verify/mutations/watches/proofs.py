"""The proofs of the changed steps, and of all that rest on them."""

from __future__ import annotations

from collections import defaultdict

from derive.derivation import Derivation, Step
from verify.mutations.kind import Mutant
from verify.mutations.watch import Look, Outcome, Watch
from verify.problem import Problem
from verify.rungs import PROOF, Rung


def _holds(step: Step, derivation: Derivation) -> bool:
    return step.proof is not None and step.proof.holds(step, derivation)


def _start(derivation: Derivation, problem: Problem) -> Look:
    """A mistake is caught when something is no longer proved: the step itself, or one that rests on it."""
    concerned: dict[str, list[str]] = defaultdict(list)
    for step in derivation:
        if step.proof is not None and _holds(step, derivation):
            for key in dict.fromkeys((step.key, *step.proof.premises)):
                concerned[key].append(step.key)

    def look(mutant: Mutant) -> Outcome:
        keys = dict.fromkeys(key for changed in mutant.steps for key in concerned[changed])
        if not keys:
            return Outcome.BLIND
        wrong = mutant.derivation
        return Outcome.MISSED if all(_holds(wrong[key], wrong) for key in keys) else Outcome.CAUGHT

    return look


WATCH = Watch(PROOF, "steps", Rung.PROVED, False, _start)
