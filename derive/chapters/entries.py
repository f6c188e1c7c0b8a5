"""The index form: one entry of the gradient, as it is done on a blackboard."""

from __future__ import annotations

import sympy as sp

from derive.accumulate import forward
from derive.cell import lag
from derive.chapters import seed
from derive.derivation import Section, Step
from derive.derivatives import Gradient
from derive.entries import FIRST, Entry, entry, summation_names
from derive.expr import ONE, Node, Var
from derive.indices import T, entry_index, t
from derive.proofs import over
from derive.sums import Sum, reindex, substitute
from derive.theory import Theory

SECTION = Section(
    "entry",
    "One entry at a time",
    ("The same result for a single weight, where every sum over units is written out. Here the indices name units, "
     "not steps.",),
)  # fmt: skip
ROW, COL, UNIT = entry_index("i"), entry_index("j"), entry_index("k")


def _of(node: Node, row: sp.Expr, col: sp.Expr) -> Node:
    return entry(node, row, col, summation_names())


def _gradient(theory: Theory, w: Var) -> Step:
    model = theory.model
    term = forward(model.cell.equations, w)[theory.state].pull_back(theory.delta())
    row, col = ROW, COL if w.shape[1] != ONE else FIRST
    rows = (over(row, 1, w.shape[0]),) + ((over(col, 1, w.shape[1]),) if col is COL else ())
    return Step(
        f"entry.{w.name}", Entry(Gradient(model.total, w), row, col),
        model.wiring.weight * Sum(_of(term, row, col), t, 1, T), "entry",
        ("The slope of unit ", ROW, ", its adjoint, and what the weight multiplied.") if col is COL
        else ("A bias multiplies one.",), rows,
    )  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    model, h = theory.model, theory.state
    units = over(UNIT, 1, theory.size)
    carried = forward(model.cell.equations, lag(h))[h].pull_back(theory.delta())
    own = theory.g() + reindex(carried, {t: t + 1})
    shortcuts = {step.lhs: step.rhs for step in seed.shortcut(theory) if isinstance(step.lhs, Var)}
    error = substitute(seed.sweep(theory).at_sources[h], shortcuts)
    return (
        *(_gradient(theory, w) for w in model.cell.parameters),
        Step("entry.delta", Entry(theory.delta(), UNIT, FIRST), _of(own, UNIT, FIRST), "entry",
             ("The adjoint of unit ", UNIT, " collects from every unit of the next step.",),
             (over(t, 1, T - 1), units)),
        Step("entry.g", Entry(theory.g(), UNIT, FIRST), _of(error, UNIT, FIRST), "entry",
             ("And from every output unit of its own step.",), (over(t, 1, T), units)),
    )  # fmt: skip
