"""Both sides of the changed steps, evaluated."""

from __future__ import annotations

from derive.derivation import Derivation
from verify.mutations.kind import Mutant
from verify.mutations.watch import Look, Outcome, Watch
from verify.problem import Problem
from verify.rungs import VALUES, Rung
from verify.steps import NOT_FINITE, NOWHERE, environments_of, instances, instances_of
from verify.verdicts import Finding, Verdict


def _start(derivation: Derivation, problem: Problem) -> Look:
    problems = instances_of(derivation, problem)
    environments = environments_of(derivation.model, problems)

    def look(mutant: Mutant) -> Outcome:
        """The first value of the indices refutes nearly everything; all are asked only where none does."""
        found = (f for step in mutant.changed for f in instances(step, environments[step.phase], len(problems)))
        return Outcome.CAUGHT if any(map(_is_caught, found)) else Outcome.MISSED

    return look


def _is_caught(finding: Finding) -> bool:
    """Refuted; or noticed as a step whose side has no value, which is NOT RUN and never counted as a pass."""
    return finding.verdict is Verdict.REFUTED or finding.reason.endswith((NOWHERE, NOT_FINITE))


WATCH = Watch(VALUES, "values", Rung.FLOATING, True, _start)
