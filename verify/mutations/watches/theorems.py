"""The theorems that a changed step should be an instance of."""

from __future__ import annotations

from collections import defaultdict

from derive.derivation import Derivation
from derive.theory import theories
from verify.mutations.kind import Mutant
from verify.mutations.watch import Look, Outcome, Watch
from verify.problem import Problem
from verify.rungs import THEOREM, Rung
from verify.theorem import Statement, coverings, record


def _start(derivation: Derivation, problem: Problem) -> Look:
    """Only what the right derivation is an instance of is watched over."""
    steps = {step.key: step for step in derivation}
    statements: dict[str, list[Statement]] = defaultdict(list)
    for theory in theories(derivation.model):
        for covering in coverings():
            for statement in covering.statements(theory) if covering.theorem in record() else ():
                step = steps.get(theory.key(statement.step))  # of an encoder some are not told
                if step is not None and statement.is_said_by(step):
                    statements[step.key].append(statement)

    def look(mutant: Mutant) -> Outcome:
        about = [(step, statement) for step in mutant.changed for statement in statements[step.key]]
        if not about:
            return Outcome.BLIND
        said = all(statement.is_said_by(step) for step, statement in about)
        return Outcome.MISSED if said else Outcome.CAUGHT

    return look


WATCH = Watch(THEOREM, "steps", Rung.THEOREM, False, _start)
