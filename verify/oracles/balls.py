"""Ball arithmetic: our formulas and FLINT's power series of the forward equations, both enclosed rigorously.

The coefficient of ε in L(w + εv) is ⟨∂L/∂w, v⟩, along every entry where that can be afforded, else along one random
direction for each parameter.  The precision is raised until both enclosures and their difference are narrower than
1e-30 of the block, so neither saturation nor a gradient that vanishes or explodes hides anything; enclosures that are
disjoint refute.  Beside it comes a certified bound on the error of every float64 gradient.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

from derive.model import Model
from derive.nonlinear import Map
from derive.sums import walk
from verify.balls.claims import NAME
from verify.comparison import Subject
from verify.rungs import Rung
from verify.verdicts import Finding, Verdict

RUNG = Rung.ENCLOSED
TITLE = "ball arithmetic: FLINT's power series"
ANY_LENGTH = True


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return "" if find_spec("flint") else "python-flint is not installed (pip install python-flint)"


def inapplicable(model: Model) -> str:
    """The first function that ball arithmetic has no rule for; empty when there is none."""
    from verify.balls.scalars import unsupported

    equations = [*model.after, *(e for phase in model.phases for e in (*phase.starts, *phase.equations))]
    functions = (node.function for e in equations for node in walk(e.expression) if isinstance(node, Map))
    return next((reason for function in functions if (reason := unsupported(function))), "")


def judge(subject: Subject) -> Iterator[Finding]:
    from verify.balls.escalation import decided
    from verify.balls.plan import tasks

    planned = list(tasks(subject))
    for task in planned:
        yield from decided(task)
    if not planned and subject.lags:
        reason = "too large: even a few steps take more operations on power series than are spent"
        yield Finding("gradient", NAME, Verdict.NOT_RUN, reason=reason, sizes=subject.problem.label)
