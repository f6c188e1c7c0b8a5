"""``sympy.diff`` of the loss, unrolled entry by entry with a symbol for every number: exact, for small sizes.

Every entry of every gradient is compared as an identity of polynomials (``derive.rational``), at n = 2, m = 1, q = 2
and T = 1, 2, 3, as far as the gradient stays short enough to be multiplied out in seconds; likewise every entry of c_t
and of every b_t, of every phase.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.evaluate import evaluate, stack_columns
from derive.explicit import Explicit, sizes_for
from derive.expr import Var
from derive.indices import by_name, t
from derive.model import Model
from derive.named import Named
from derive.rational import Polynomials, terms
from derive.run import FORMS, Derived, gradients, name_of
from derive.theory import Theory, theories
from verify.comparison import Subject
from verify.rungs import Rung
from verify.verdicts import Finding, Verdict, Witness

RUNG = Rung.EXACT
TITLE = "sympy.diff of the explicit unrolled loss"
NAME = "sympy_diff"
STEPS = (1, 2, 3)
LONGEST = 100_000
"""Terms of the gradient multiplied out, all entries together, above which no further step is unrolled."""

GROWTH = 25
"""Another step multiplies them by about as much; less for a simple network, more for one with many gates."""

_DIGITS, _ALIKE = 50, 30
_OTHERWISE = f"equal to {_ALIKE} digits at one point, but no identity of polynomials: SymPy writes the two differently"


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return ""


def judge(subject: Subject) -> Iterator[Finding]:
    models = list(unrolled(subject.problem.model))
    for truth in models:
        yield from _gradients(subject, truth, every_form=truth is models[-1])
    yield from _jacobians(subject, models[-1].explicit)


@dataclass(frozen=True)
class Truth:
    """An explicit model and the gradients that ``sympy.diff`` gives of its loss."""

    explicit: Explicit
    gradients: dict[str, Array]

    @cached_property
    def length(self) -> int:
        """No fewer than the terms of all entries, multiplied out."""
        known: dict[sp.Expr, int] = {}
        return sum(terms(entry, known) for array in self.gradients.values() for entry in array.ravel())


def unrolled(model: Model) -> Iterator[Truth]:
    """The explicit models, from one step up; always the shortest one."""
    for steps in STEPS:
        explicit = Explicit(model, sizes_for(model, steps), Named())
        truth = Truth(explicit, {name_of(w): explicit.gradient(w) for w in explicit.sources()})
        if steps != STEPS[0] and truth.length > LONGEST:
            return
        yield truth
        if truth.length * GROWTH > LONGEST:
            return


def _gradients(subject: Subject, truth: Truth, every_form: bool) -> Iterator[Finding]:
    same, explicit = Polynomials(), truth.explicit
    for form in FORMS:
        if form.name == "rtrl" and not every_form:
            continue  # slow, and the longest sequence contains the shorter ones' terms
        for name, ours in gradients(subject.derivation, explicit.table, form).items():
            yield _finding(f"gradient.{name}", form.name, ours, truth.gradients[name], same, explicit)


def _jacobians(subject: Subject, explicit: Explicit) -> Iterator[Finding]:
    """c_t and every b_t at step 1 of every phase, where the state before is a symbol."""
    for theory in theories(explicit.model):
        yield from _jacobians_of(subject, explicit, theory)


def _jacobians_of(subject: Subject, explicit: Explicit, theory: Theory) -> Iterator[Finding]:
    table, state = explicit.cut(theory.phase), theory.state
    env = Derived(subject.derivation, table)
    reached = table.leaf(state.at(1), {})
    sources: list[tuple[str, Var]] = [(theory.key("local.c"), state.at(0))]
    sources += [(theory.key(f"local.b_{w.name}"), w) for w in theory.phase.parameters]
    same = Polynomials()
    for key, source in sources:
        ours = evaluate(subject.derivation[key].rhs, env, {t: 1})
        columns = stack_columns(table.leaf(source, {})).ravel()
        truth = np.array([[sp.diff(row, symbol) for symbol in columns] for row in reached[:, 0]], dtype=object)
        yield _finding(key, "", ours, truth, same, explicit)


def _finding(claim: str, form: str, ours: Array, truth: Array, same: Polynomials, explicit: Explicit) -> Finding:
    """EXACT when all entries are identities.  What is none is REFUTED only where the numbers differ too."""
    found = partial(Finding, claim, NAME, form=form, sizes=by_name(explicit.sizes))
    for place_, (left, right) in enumerate(zip(ours.ravel(), truth.ravel(), strict=True)):
        if not same.equal(left, right):
            row, col = divmod(place_, truth.shape[1])
            claimed, value_ = _numbers(left, right, explicit)
            if abs(claimed - value_) <= abs(value_) * sp.Float(10) ** -_ALIKE:
                return found(Verdict.NOT_RUN, reason=_OTHERWISE)
            return found(
                Verdict.REFUTED, witness=Witness(f"entry ({row + 1}, {col + 1})", float(claimed), float(value_))
            )
    return found(Verdict.EXACT)


def _numbers(left: sp.Expr, right: sp.Expr, explicit: Explicit) -> tuple[sp.Float, sp.Float]:
    """Both at one point, to many digits: readable, where the two expressions would fill pages."""
    arithmetic = explicit.arithmetic
    assert isinstance(arithmetic, Named)
    symbols = sorted({*explicit.origin, *arithmetic.regions.values()}, key=str)
    at = {symbol: sp.Rational(place_ % 7 + 1, 5) for place_, symbol in enumerate(symbols)}
    claimed, found = (arithmetic.number(side, at, _DIGITS) for side in (left, right))
    return claimed, found
