"""All the evidence about a derivation on one problem."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from types import ModuleType

import numpy as np

from derive import registry
from derive.derivation import Derivation
from derive.model import Model
from derive.run import FORMS
from verify.comparison import TOO_WIDE, Subject, compare_gradients
from verify.generated.code import FORM, Generated
from verify.generated.faithful import TITLE, check_code
from verify.problem import Problem
from verify.rungs import ORACLES, Rung, about_steps, rung_of
from verify.steps import check_steps
from verify.theorem import check_theorems
from verify.verdicts import Evidence, Finding, Verdict, merged

LONGEST = 48
Progress = Callable[[str], None]


def evidence(
    derivation: Derivation,
    problem: Problem,
    oracles: Sequence[str] | None = None,
    progress: Progress = lambda what: None,
    rungs: Collection[Rung] = tuple(Rung),
) -> Evidence:
    """Every step, and every gradient by every oracle named; of those not named, what stands on one of the ``rungs``.

    By default all are asked, but of an optional one that is not installed, or has nothing like this model, it is only
    noted that it was left out: nobody asked for it by name.  Likewise of a block that one of them cannot resolve and
    another has decided, and of the compiled gradient where there is none, or a kind of number cannot run it.

    The double sum costs O(T²): of a sequence longer than 48 steps the last 48 are judged in all forms and lags, from
    the state that the sequence reaches there, and the whole of it in the adjoint form.  By default forward mode alone
    judges the lags of more than a few steps; an oracle that is named judges them too.
    Raises InputError for an oracle that does not exist; one that is not installed gives NOT RUN with the reason.
    """
    window = problem.last(LONGEST)
    thorough, generated = oracles is not None, Generated(derivation)
    subject = Subject(window, derivation, thorough=thorough, generated=generated)
    whole = () if window is problem else (Subject(problem, derivation, (FORMS[-1],), thorough, generated),)
    chosen = registry.names(ORACLES) if oracles is None else tuple(oracles)
    modules = [(name, registry.load(ORACLES, name, "oracle")) for name in chosen]
    if oracles is None:
        modules = [(name, module) for name, module in modules if module.RUNG in rungs]
    parts: list[list[Finding]] = []
    if about_steps(rungs):
        progress("the steps")
        parts.append([finding for finding in _steps(derivation, problem) if rung_of(finding.evidence) in rungs])
    left_out: list[Finding] = []
    for name, module in modules:
        reason = _reason(module, problem.model)
        if reason:
            silent = [Finding("gradient", name, Verdict.NOT_RUN, reason=reason)]
            unasked = oracles is None and getattr(module, "OPTIONAL", False)
            left_out.extend(silent) if unasked else parts.append(silent)
            continue
        progress(module.TITLE)
        with np.errstate(all="ignore"):  # what is not finite is found, and reported, as a value
            parts.append(list(_judged(name, module, subject, whole)))
    if Rung.FLOATING in rungs:
        progress(TITLE)
        with np.errstate(all="ignore"):
            parts.append([finding for own in (subject, *whole) for finding in check_code(own)])
    found = merged(parts)
    if oracles is None:
        found, unresolved = _without_unresolved(found)
        left_out.extend(unresolved)
    return replace(found, left_out=tuple(left_out))


def _steps(derivation: Derivation, problem: Problem) -> list[Finding]:
    """The steps by values, by proofs and by theorems; the proofs rest on the values whoever asked for them."""
    found = list(check_steps(derivation, problem))
    return [*found, *check_theorems(derivation, found)]


def _without_unresolved(found: Evidence) -> tuple[Evidence, tuple[Finding, ...]]:
    """Apart: what a method is too coarse for, where another one has decided the very same block; and code that is none.

    A gradient that has nearly vanished is below the ε|f|/h of a difference, but not of a complex step.
    """
    sound = (Verdict.AGREED, Verdict.EXACT, Verdict.ENCLOSED)
    decided = {(f.claim, f.form) for f in found.findings if f.verdict in sound}
    apart = tuple(
        f for f in found.findings if (f.reason == TOO_WIDE and (f.claim, f.form) in decided) or _is_without_code(f)
    )
    return Evidence(tuple(f for f in found.findings if f not in apart)), apart


def _is_without_code(finding: Finding) -> bool:
    """Whether it says that there is no code to judge, or that numbers of one kind cannot run it."""
    return finding.verdict is Verdict.NOT_RUN and (finding.claim, finding.form) == ("gradient", FORM)


def _reason(module: ModuleType, model: Model) -> str:
    """Why an oracle can say nothing: it is not installed, or has nothing like this model."""
    inapplicable = getattr(module, "inapplicable", lambda model: "")
    return str(module.missing() or inapplicable(model))


def _judged(name: str, module: ModuleType, subject: Subject, whole: Sequence[Subject]) -> Iterator[Finding]:
    yield from module.judge(subject)
    for long in whole:
        if hasattr(module, "jacobian"):
            yield from compare_gradients(long, module.jacobian, name)
        elif getattr(module, "ANY_LENGTH", False):
            yield from module.judge(long)
