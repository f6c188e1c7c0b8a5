"""Free jets: the gradient as an identity of rational functions, tested at a random point modulo a random wide prime.

Values and slopes of functions are free numbers (``verify.jets.free``), so that an identity holds for every function
that can be differentiated, not for tanh alone.  What is tested are our printed formulas, in every form, and lag by lag,
against forward mode through the forward equations.  ``verify.jets.failure`` derives how improbable it is that a
difference goes unseen.

It cannot speak of other sizes, nor say that f′ is the derivative of f: that is scalar calculus, taken from SymPy.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec

from derive.indices import by_name
from derive.model import Model
from derive.nonlinear import Map
from verify.comparison import Subject
from verify.generated.code import FORM
from verify.generated.entry import UnwrittenError
from verify.jets.claims import Compared, Point
from verify.jets.failure import WIDEST
from verify.jets.field import Modular, random_prime
from verify.jets.free import Free
from verify.jets.generated import obstacle
from verify.jets.plan import Plan, Trial, planned
from verify.jets.point import nodes
from verify.jets.witness import Small
from verify.rungs import Rung
from verify.verdicts import Finding, Verdict, Witness

RUNG = Rung.EXACT
TITLE = "free jets, modulo a random prime"
NAME = "free_jets"
_DRAWS = 3
_DIVIDED = "something is divided by zero, at every point that was drawn"
_HIGH = f"the degrees are so high that no prime of {WIDEST} bits is wide enough"


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return "" if find_spec("flint") else "python-flint is not installed"


def inapplicable(model: Model) -> str:
    """Why it has nothing to say; empty where it has."""
    for function in (node.function for node in nodes(model) if isinstance(node, Map)):
        if function.slope.is_number and not function.slope.is_Rational:
            return f"the slope of {function.name} is not a rational number, of which residues know nothing"
    return ""


def judge(subject: Subject) -> Iterator[Finding]:
    code = subject.code
    found = None if code is None else obstacle(code, subject.problem.model)
    if found is not None:
        code, verdict = None, Verdict.REFUTED if isinstance(found, UnwrittenError) else Verdict.NOT_RUN
        yield Finding("gradient", NAME, verdict, FORM, reason=str(found), sizes=subject.problem.label)
    try:
        plan = planned(subject.derivation, subject.problem.sizes, subject.forms, subject.lags, code)
    except ZeroDivisionError:
        yield _not_run(_DIVIDED, subject.problem.label)
        return
    if plan is None:
        yield _not_run(_HIGH, subject.problem.label)
        return
    small = Small(subject.derivation, subject.forms, code)
    for trial in plan.trials:
        yield from _judged(plan, trial, small)


def _judged(plan: Plan, trial: Trial, small: Small) -> Iterator[Finding]:
    """Everything is drawn again where something happens to be divided by zero."""
    sizes = by_name(trial.sizes)
    for _ in range(_DRAWS):
        residues = Modular(random_prime(plan.bits))
        try:
            compared = list(trial.claims(Point(small.derivation.model, trial.sizes, Free(residues))))
        except ZeroDivisionError:
            continue
        for found in compared:
            yield _finding(found, plan, sizes, residues, small)
        return
    yield _not_run(_DIVIDED, sizes)


def _not_run(reason: str, sizes: dict[str, int]) -> Finding:
    return Finding("gradient", NAME, Verdict.NOT_RUN, reason=reason, sizes=sizes)


def _finding(found: Compared, plan: Plan, sizes: dict[str, int], residues: Modular, small: Small) -> Finding:
    finding = partial(Finding, found.claim, NAME, form=found.form, sizes=sizes)
    if found.ours == found.truth:
        reason = f"for every differentiable function, at a random point modulo a random prime of {plan.bits} bits"
        return finding(Verdict.EXACT, failure=plan.failure, reason=reason)
    return finding(Verdict.REFUTED, witness=small.witness(found.claim, found.form) or _residues(found, residues.prime))


def _residues(found: Compared, prime: int) -> Witness:
    """Of what is not seen in a few steps."""
    where = f"the derivative along a random direction, at a random point modulo {prime}"
    return Witness(where, str(int(found.ours[0])), str(int(found.truth[0])))
