"""``sympy.diff`` of the loss, unrolled entry by entry with a symbol for every number: exact, for small sizes.

Every entry of every gradient is compared as an identity of polynomials (``derive.rational``), at n = 2, m = 1, q = 2
and T = 1, 2, 3, as far as the unrolled loss stays short enough to be differentiated in seconds; likewise every entry of
c_t and of every b_t.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.evaluate import evaluate, stack_columns
from derive.explicit import Explicit, sizes_for
from derive.expr import Var
from derive.indices import by_name, t
from derive.model import Model
from derive.rational import Polynomials
from derive.run import FORMS, Derived, gradients, name_of
from derive.theory import Theory, theories
from verify.comparison import Subject
from verify.verdicts import Finding, Verdict, Witness

TITLE = "sympy.diff of the explicit unrolled loss"
NAME = "sympy_diff"
STEPS = (1, 2, 3)
LONGEST = 3000
"""Operations in the unrolled loss above which no further step is unrolled; every step multiplies them."""

LOGARITHMS = 8
"""Likewise: each leaves a denominator, and clearing one may double the terms."""


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return ""


def judge(subject: Subject) -> Iterator[Finding]:
    models = list(unrolled(subject.problem.model))
    for explicit in models:
        yield from _gradients(subject, explicit, every_form=explicit is models[-1])
    yield from _jacobians(subject, models[-1])


def unrolled(model: Model) -> Iterator[Explicit]:
    """The explicit models, from one step up; always the shortest one."""
    for steps in STEPS:
        explicit = Explicit(model, sizes_for(model, steps))
        long = sp.count_ops(explicit.loss) > LONGEST or len(explicit.loss.atoms(sp.log)) > LOGARITHMS
        if steps != STEPS[0] and long:
            return
        yield explicit


def _gradients(subject: Subject, explicit: Explicit, every_form: bool) -> Iterator[Finding]:
    truth = {name_of(w): explicit.gradient(w) for w in explicit.sources()}
    same = Polynomials()
    for form in FORMS:
        if form.name == "rtrl" and not every_form:
            continue  # slow, and the longest sequence contains the shorter ones' terms
        for name, ours in gradients(subject.derivation, explicit.table, form).items():
            yield _finding(f"gradient.{name}", form.name, ours, truth[name], same, explicit)


def _jacobians(subject: Subject, explicit: Explicit) -> Iterator[Finding]:
    """c_t and every b_t at step 1 of every phase, where the state before is a symbol."""
    for theory in theories(explicit.model):
        yield from _jacobians_of(subject, explicit, theory)


def _jacobians_of(subject: Subject, explicit: Explicit, theory: Theory) -> Iterator[Finding]:
    table, state = explicit.table, theory.state
    env = Derived(subject.derivation, table)
    if any(symbol not in explicit.origin for symbol in table.leaf(state.at(0), {}).ravel()):
        return  # a phase that another one starts: its first state is an expression
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
    found = partial(Finding, claim, NAME, form=form, sizes=by_name(explicit.sizes))
    for place_, (left, right) in enumerate(zip(ours.ravel(), truth.ravel(), strict=True)):
        if not same.equal(left, right):
            row, col = divmod(place_, truth.shape[1])
            return found(Verdict.REFUTED, witness=_witness(left, right, f"entry ({row + 1}, {col + 1})"))
    return found(Verdict.EXACT)


def _witness(left: sp.Expr, right: sp.Expr, where: str) -> Witness:
    """Numbers at one point: readable, where the two expressions would fill pages."""
    symbols = sorted((left - right).free_symbols, key=str)
    both = sp.lambdify(symbols, [left, right], modules="math", cse=True)
    claimed, found = both(*((place_ % 7 + 1) / 5 for place_ in range(len(symbols))))
    return Witness(where, float(claimed), float(found))
