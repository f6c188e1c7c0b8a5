"""The model: forward equations of one step, the loss, and the unrolled network."""

from __future__ import annotations

from derive.cell import Equation
from derive.derivation import Section, Step
from derive.expr import Var
from derive.indices import T, t
from derive.proofs import Rewriting, over
from derive.theory import Theory

SECTION = Section(
    "model",
    "The model and its unrolling",
    (
        "One step of the network, the loss, and the same step written inside itself. "
        "All steps share one set of weights.",
    ),
)

_BECAUSE = {
    "inner": "An intermediate quantity of the step gets a name, so that it is computed and printed once.",
    "state": "The new state follows from it.",
    "loss": "The loss of one step compares the output with the target.",
}


def _equation(theory: Theory, equation: Equation) -> Step:
    readout = theory.model.readout
    reasons: dict[Var, str] = {
        readout.score.target: "The readout turns the state into a score for every output unit.",
        readout.output.target: "The output function turns scores into the output.",
    }
    target = equation.target
    return Step(
        key=f"model.{target.name}",
        lhs=target,
        rhs=equation.expression,
        rule="model",
        because=(reasons.get(target, _BECAUSE[target.kind]),),
        where=(over(t, 1, T),),
    )


def steps(theory: Theory) -> tuple[Step, ...]:
    model, h = theory.model, theory.state
    ell = model.readout.loss.target
    once, twice = theory.f(t - 1), theory.f(t - 2)
    return (
        *(_equation(theory, equation) for equation in model.equations),
        Step(
            "model.L", model.total, theory.weighted_sum(ell), "model",
            ("The total loss collects the losses of the steps that have one.",),
        ),
        Step(
            "model.f", h, theory.f(), "abbreviation",
            ("The derivation needs only the shape of one step: a function of ", model.cell.inputs[0], ", ", h.at(t - 1),
             " and the shared weights ", theory.w, ": the entries of any one parameter of the cell, in a column."),
            (over(t, 1, T),),
        ),
        Step(
            "model.g", model.readout.output.target, theory.readout(), "abbreviation",
            ("Likewise the output: a function of ", h, " and its own weights ", theory.w_out, "."),
            (over(t, 1, T),),
        ),
        Step(
            "model.unroll1", h, theory.f(t, once), "substitute",
            ("The previous state is itself a step: the same weights appear again.",),
            (over(t, 2, T),),
            Rewriting(using=("model.f",), start="model.f", at=(h.at(t - 1),)),
        ),
        Step(
            "model.unroll2", h, theory.f(t, theory.f(t - 1, twice)), "substitute",
            ("And again, down to ", h.at(0), ": every state depends on ", theory.w, " through all steps before it."),
            (over(t, 3, T),),
            Rewriting(using=("model.f",), start="model.unroll1", at=(h.at(t - 2),)),
        ),
    )  # fmt: skip
