"""All the evidence about a derivation on one problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import ModuleType

import numpy as np

from derive import registry
from derive.derivation import Derivation
from derive.run import FORMS
from verify.comparison import Subject, compare_gradients
from verify.problem import Problem
from verify.steps import check_steps
from verify.verdicts import Evidence, Finding, Verdict, merged

ORACLES = "verify.oracles"
LONGEST = 48
Progress = Callable[[str], None]


def evidence(
    derivation: Derivation,
    problem: Problem,
    oracles: Sequence[str] | None = None,
    progress: Progress = lambda what: None,
) -> Evidence:
    """Every step, and every gradient by every oracle named (all of them by default).

    The double sum costs O(T²): of a sequence longer than 48 steps the last 48 are judged in all forms and lags, from
    the state that the sequence reaches there, and the whole of it in the adjoint form.
    Raises InputError for an oracle that does not exist; one that is not installed gives NOT RUN with the reason.
    """
    window = problem.last(LONGEST)
    subject = Subject(window, derivation)
    whole = () if window is problem else (Subject(problem, derivation, (FORMS[-1],)),)
    chosen = registry.names(ORACLES) if oracles is None else tuple(oracles)
    modules = [(name, registry.load(ORACLES, name, "oracle")) for name in chosen]
    progress("the steps")
    parts: list[list[Finding]] = [list(check_steps(derivation, problem))]
    for name, module in modules:
        progress(module.TITLE)
        with np.errstate(all="ignore"):  # what is not finite is found, and reported, as a value
            parts.append(list(_judged(name, module, subject)))
            for long in whole:
                if hasattr(module, "jacobian"):
                    parts.append(list(compare_gradients(long, module.jacobian, name)))
    return merged(parts)


def _judged(name: str, module: ModuleType, subject: Subject) -> Iterator[Finding]:
    reason = module.missing()
    if reason:
        yield Finding("gradient", name, Verdict.NOT_RUN, reason=reason)
    else:
        yield from module.judge(subject)
