"""A kind of evidence that looks at mistakes, and what becomes of a mistake under it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from derive.derivation import Derivation
from derive.model import Model
from verify.mutations.kind import Mutant
from verify.problem import Problem
from verify.rungs import Rung


class Outcome(StrEnum):
    """Caught; judged, and nothing found; or not judged at all, since the evidence is about something else."""

    CAUGHT = "caught"
    MISSED = "missed"
    BLIND = "cannot see"


Look = Callable[[Mutant], Outcome]


@dataclass(frozen=True)
class Watch:
    """``start`` computes once, for a right derivation and a problem, all that does not depend on the mistakes.

    ``name`` is that of the evidence in a finding, ``title`` says what of a derivation it looks at.  ``refutes`` says
    whether what it catches is certainly false: where a proof does not go through, the claim may still be right, in
    other words.  ``missing`` says why it cannot run here, ``inapplicable`` why it has nothing to say of a model; empty
    when it can.
    """

    name: str
    title: str
    rung: Rung
    refutes: bool
    start: Callable[[Derivation, Problem], Look]
    missing: Callable[[], str] = lambda: ""
    inapplicable: Callable[[Model], str] = lambda model: ""

    def reason(self, model: Model) -> str:
        """Why it is left out."""
        return self.missing() or self.inapplicable(model)
