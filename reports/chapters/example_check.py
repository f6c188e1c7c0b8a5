"""The worked example's gradient by every form, and by ``sympy.diff`` of the unrolled loss, as numbers."""

from __future__ import annotations

import numpy as np
import sympy as sp

from derive.arithmetic import Array, Symbolic
from derive.entries import Entry
from derive.explicit import Explicit, small_sizes
from derive.expr import Var
from derive.functions import Z
from derive.run import FORMS, gradients
from derive.unroll import place
from reports.document.blocks import Block, Column, Table
from reports.document.inline import Code, InlineLike
from reports.material import Material
from reports.numbers import fixed, scientific
from reports.present import show
from verify.problem import Problem


def comparison(material: Material, problem: Problem, w: Var) -> list[Block]:
    """The gradient by our three forms and by sympy.diff of the unrolled loss, as numbers."""
    explicit = Explicit(material.model, small_sizes(problem.steps))
    exact = _numeric(explicit, problem, w)
    rows: list[tuple[InlineLike, ...]] = []
    for form in FORMS:
        ours = gradients(material.derivation, problem.forward, form)[w.name]
        entries = [fixed(float(x), 6) for x in ours.reshape(-1)]
        rows.append(
            (form.title, *entries, scientific(float(np.max(np.abs(ours - exact))) / float(np.max(np.abs(exact)))))
        )
    rows.append((Code("sympy.diff"), *(fixed(float(x), 6) for x in exact.reshape(-1)), ""))
    places = [show(Entry(w, sp.Integer(r + 1), sp.Integer(c + 1))) for r, c in np.ndindex(*exact.shape)]
    columns = (Column("Form"), *(Column(p, "right") for p in places), Column("Difference", "right"))
    caption = (
        "The gradient of ", show(w), " in three orders of evaluation, and by differentiating the unrolled loss "
        "as one long expression. The difference is relative to the largest entry.",
    )  # fmt: skip
    return [Table(columns, tuple(rows), caption=caption, label="tab:example-gradient")]


def _numeric(explicit: Explicit, problem: Problem, w: Var) -> Array:
    """sympy.diff at the example's numbers."""
    gradient = explicit.gradient(w)
    numbers: dict[sp.Symbol, float] = {}
    for symbol, (variable, row_, col_) in explicit.origin.items():
        array = np.asarray(problem.given[place(variable)])
        numbers[symbol] = float(array.reshape(array.shape[-2:])[row_ - 1, col_ - 1])
    for (condition, argument), region in _regions(explicit).items():  # one argument may hold the regions before it
        at = float(_compiled([argument], numbers)[0])
        numbers[region] = float(bool(condition.xreplace({Z: sp.Float(at)})))
    return np.array(_compiled(list(gradient.reshape(-1)), numbers)).reshape(gradient.shape)


def _compiled(formulas: list[sp.Expr], numbers: dict[sp.Symbol, float]) -> list[float]:
    found: list[float] = sp.lambdify(list(numbers), formulas, modules="math", cse=True)(*numbers.values())
    return found


def _regions(explicit: Explicit) -> dict[tuple[sp.Basic, sp.Expr], sp.Symbol]:
    """The symbols that are one or zero, each with its condition and the argument that must meet it, in their order."""
    arithmetic = explicit.table.arithmetic
    return arithmetic.regions if isinstance(arithmetic, Symbolic) else {}
