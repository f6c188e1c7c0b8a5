"""The worked example's gradient by every form, and from the forward equations alone, as numbers."""

from __future__ import annotations

import numpy as np
import sympy as sp

from derive.arithmetic import Array, Symbolic
from derive.entries import Entry
from derive.explicit import Explicit
from derive.expr import Var
from derive.functions import Z
from derive.model import Model
from derive.nonlinear import Map, Softmax
from derive.run import FORMS, gradients, name_of
from derive.sums import walk
from derive.unroll import place
from reports.document.blocks import Block, Column, Table
from reports.document.inline import Code, InlineLike
from reports.material import Material
from reports.numbers import fixed, scientific
from reports.present import show
from verify.oracles import complex_step
from verify.problem import Problem
from verify.program import Program


def comparison(material: Material, problem: Problem, w: Var) -> list[Block]:
    """The gradient by our three forms, and found without them, as numbers."""
    truth = _independent(material.model, problem, w)
    reference = next(iter(truth.values()))
    rows: list[tuple[InlineLike, ...]] = []
    for form in FORMS:
        ours = gradients(material.derivation, problem.forward, form)[name_of(w)]
        difference = scientific(float(np.max(np.abs(ours - reference))) / float(np.max(np.abs(reference))))
        rows.append((form.title, *_entries(ours), difference))
    rows += [(Code(name), *_entries(found), "") for name, found in truth.items()]
    places = [show(Entry(w, sp.Integer(r + 1), sp.Integer(c + 1))) for r, c in np.ndindex(*reference.shape)]
    columns = (Column("Form"), *(Column(p, "right") for p in places), Column("Difference", "right"))
    caption = (
        "The gradient of ", show(w), " in three orders of evaluation, and from the forward equations alone: ",
        " and ".join(_METHODS[name] for name in truth), ". The difference is relative to the largest entry.",
    )  # fmt: skip
    return [Table(columns, tuple(rows), caption=caption, label=f"tab:example-gradient-{name_of(w)}")]


_METHODS = {
    "sympy.diff": "by differentiating the unrolled loss as one long expression",
    "complex step": "by complex steps of the loss",
}


def _entries(array: Array) -> list[InlineLike]:
    return [fixed(float(x), 6) for x in array.reshape(-1)]


def _independent(model: Model, problem: Problem, w: Var) -> dict[str, Array]:
    """The gradient without the derivation."""
    if _is_short(model):
        return {"sympy.diff": _numeric(Explicit(model, problem.sizes), problem, w)}
    program = Program(problem)
    return {"complex step": complex_step.jacobian(program, {w.name: program.point[w.name]})[w.name].value[0]}


def _is_short(model: Model) -> bool:
    """One function a step: three steps of anything else, written into each other, fill pages and take minutes."""
    functions = [part for e in model.main.equations for part in walk(e.expression) if isinstance(part, Map | Softmax)]
    return len(model.phases) == 1 and len(functions) <= 1


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
