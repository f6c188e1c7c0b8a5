"""The gradients that a program computes: one backward sweep over the steps, one term a step for each parameter."""

from __future__ import annotations

import sympy as sp

from derive.accumulate import Backward, backward
from derive.build import add
from derive.cell import lag
from derive.chapters import seed
from derive.derivation import Section, Step
from derive.derivatives import Gradient
from derive.expr import Node, Var
from derive.indices import T, t
from derive.proofs import Rewriting, over
from derive.sums import Sum, reindex
from derive.theory import Theory

SECTION = Section(
    "gradient",
    "The gradients",
    ("The adjoint recursion with the letters of this cell, from the last step to the first, and the gradient of every "
     "parameter. This is what to program.",),
)  # fmt: skip


def sweep(theory: Theory) -> Backward:
    """The reverse sweep through one step of the cell, seeded with δ_t."""
    cell = theory.model.cell
    sources = [*(lag(state) for state in cell.states), *cell.parameters]
    return backward(cell.equations, {theory.state: theory.delta()}, sources)


def _delta(theory: Theory, back: Backward) -> tuple[Step, Step]:
    through_output = seed.sweep(theory).at_sources[theory.state]
    carried = reindex(back.at_sources[lag(theory.state)], {t: t + 1})
    letters = ("local.c", "seed.g", *(f"gradient.{e.target.name}_bar" for e in back.named))
    return (
        Step("gradient.last", theory.delta(T), reindex(through_output, {t: T}), "adjoint",
             ("The sweep starts at the last step.",),
             proof=Rewriting(using=("adjoint.last",), then=("seed.g",))),
        Step("gradient.delta", theory.delta(), add(through_output, carried), "adjoint",
             ("And goes down: the error of this step, and what the next step sends back.",), (over(t, 1, T - 1),),
             Rewriting(using=("adjoint.recursion",), at=(theory.delta(),), then=letters)),
    )  # fmt: skip


def _gradient(theory: Theory, w: Var, term: Node) -> Step:
    wiring = theory.model.wiring
    return Step(
        f"gradient.{w.name}", Gradient(theory.model.total, w), wiring.weight * Sum(term, t, 1, T), "adjoint",
        ("Every step adds its own term: ", w, " is shared.",),
    )  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    model, back, readout = theory.model, sweep(theory), seed.sweep(theory)
    named = [
        Step(f"gradient.{e.target.name}_bar", e.target, e.expression, "adjoint",
             ("Back through the activation.",), (over(t, 1, T),))
        for e in back.named
    ]  # fmt: skip
    initial = reindex(back.at_sources[lag(theory.state)], {t: sp.Integer(1)})
    return (
        *named,
        *_delta(theory, back),
        *(_gradient(theory, w, back.at_sources[w]) for w in model.cell.parameters),
        *(_gradient(theory, w, readout.at_sources[w]) for w in model.readout.parameters),
        Step(
            f"gradient.{theory.state.name}_0", Gradient(model.total, theory.state.at(0)),
            model.wiring.weight * initial, "adjoint",
            ("The initial state has a gradient too: what the first step sends back.",),
        ),
    )  # fmt: skip
