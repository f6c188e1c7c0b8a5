"""Free jets: the gradient as an identity of rational functions, tested at a random point modulo a random wide prime.

Values and slopes of functions are free numbers (``verify.jets.free``), so that an identity holds for every function
that can be differentiated, not for tanh alone.  What is tested are our printed formulas, in every form, and lag by lag,
against forward mode through the forward equations.  ``verify.jets.failure`` derives how improbable it is that a
difference goes unseen.

It cannot speak of other sizes, nor say that f′ is the derivative of f: that is scalar calculus, taken from SymPy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec

from derive.cell import Equation
from derive.explicit import sizes_for
from derive.functions import Elementwise
from derive.indices import by_name
from derive.model import Model
from derive.nonlinear import Map
from derive.sums import walk
from verify.comparison import Subject
from verify.jets.claims import Compared, Point, at_random, entry_by_entry, of_gradients, of_lags
from verify.jets.field import Element, Modular, Rationals, random_prime
from verify.jets.free import Free
from verify.jets.plan import Plan, Trial, planned
from verify.rungs import Rung
from verify.verdicts import Finding, Verdict, Witness

RUNG = Rung.EXACT
TITLE = "free jets, modulo a random prime"
NAME = "free_jets"
_DRAWS = 3
_READABLE = 40
_SHOWN = (1, 2, 3, 4, 5)
"""Steps after which a difference is looked for in small numbers."""


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return "" if find_spec("flint") else "python-flint is not installed"


def inapplicable(model: Model) -> str:
    """Why it has nothing to say; empty where it has."""
    for function in functions(model):
        if function.slope.is_number and not function.slope.is_Rational:
            return f"the slope of {function.name} is not a rational number, of which residues know nothing"
    return ""


def functions(model: Model) -> Iterator[Elementwise]:
    """Every function that is applied to entries."""
    equations: list[Equation] = list(model.after)
    for phase in model.phases:
        equations += [*phase.starts, *phase.equations]
    for equation in equations:
        yield from (node.function for node in walk(equation.expression) if isinstance(node, Map))


def judge(subject: Subject) -> Iterator[Finding]:
    plan = planned(subject.derivation, subject.problem.sizes, subject.forms, subject.lags)
    if plan is None:
        reason = "the degrees are so high that no prime of 1024 bits is wide enough"
        yield Finding("gradient", NAME, Verdict.NOT_RUN, reason=reason, sizes=subject.problem.label)
        return
    small = Small(subject)
    for trial in plan.trials:
        yield from _judged(subject, plan, trial, small)


def _judged(subject: Subject, plan: Plan, trial: Trial, small: Small) -> Iterator[Finding]:
    """Everything is drawn again where something happens to be divided by zero."""
    model, sizes = subject.problem.model, by_name(trial.sizes)
    for _ in range(_DRAWS):
        residues = Modular(random_prime(plan.bits))
        try:
            compared = list(trial.claims(Point(model, trial.sizes, Free(residues), at_random)))
        except ZeroDivisionError:
            continue
        for found in compared:
            yield _finding(found, plan, sizes, residues, small)
        return
    reason = f"something is divided by zero at each of {_DRAWS} random points"
    yield Finding("gradient", NAME, Verdict.NOT_RUN, reason=reason, sizes=sizes)


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


@dataclass
class Small:
    """The same claims entry by entry, in small rational numbers, at the sizes that are shown to people."""

    subject: Subject
    known: dict[int, dict[tuple[str, str], Compared]] = field(default_factory=dict)

    def witness(self, claim: str, form: str) -> Witness | None:
        """The first entry that differs, after as few steps as possible; None where none does."""
        for steps in _SHOWN:
            found = self.after(steps).get((claim, form))
            for position, (ours, truth) in enumerate(zip(found.ours, found.truth, strict=True) if found else ()):
                if ours != truth:
                    row, col = divmod(position, found.shape[1])
                    return Witness(f"entry ({row + 1}, {col + 1}), {self._told(steps)}", _shown(ours), _shown(truth))
        return None

    def after(self, steps: int) -> dict[tuple[str, str], Compared]:
        """Everything that can be compared after so many steps; small numbers meet zero more often than large ones."""
        if steps not in self.known:
            self.known[steps] = next(filter(None, (self._compared(steps, seed) for seed in range(_DRAWS))), {})
        return self.known[steps]

    def _compared(self, steps: int, seed: int) -> dict[tuple[str, str], Compared]:
        derivation, model = self.subject.derivation, self.subject.problem.model
        point = Point(model, sizes_for(model, steps), Free(Rationals(seed)), entry_by_entry)
        try:
            found = [*of_gradients(point, derivation, self.subject.forms)]
            found += of_lags(point, derivation) if self.subject.lags else ()
        except ZeroDivisionError:
            return {}
        return {(compared.claim, compared.form): compared for compared in found}

    def _told(self, steps: int) -> str:
        sizes = ", ".join(
            f"{name} = {size}" for name, size in by_name(sizes_for(self.subject.problem.model, steps)).items()
        )
        return f"at {sizes}, with small numbers for everything that is free"


def _shown(number: Element) -> str:
    """A fraction, or, where it is too long to be read, its digits."""
    text = str(number)
    return text if len(text) <= _READABLE else f"{int(number.p) / int(number.q):.17g}"
