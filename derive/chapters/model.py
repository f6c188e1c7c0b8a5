"""The model: forward equations of one step, the loss, and the unrolled network."""

from __future__ import annotations

from derive.cell import Equation
from derive.derivation import Prose, Section, Step, key_of
from derive.expr import Var
from derive.indices import t
from derive.prover import Rewriting, over
from derive.theory import Theory

SECTION = Section(
    "model",
    "The model and its unrolling",
    (
        "One step of the network, the loss, and the same step written inside itself. "
        "All steps share one set of weights.",
    ),
)
ENCODER = Section(
    "model",
    "The model of the encoder",
    ("It reads a sequence of its own, with weights of its own, and has no output: all it leaves is its final state.",),
)

_RESERVED = ("f", "g", "L", "stack", "unroll1", "unroll2")
_BECAUSE = {
    "inner": "An intermediate quantity of the step gets a name, so that it is computed and printed once.",
    "state": "The new state follows from it.",
    "loss": "The loss of one step compares the output with the target.",
}


def _equation(theory: Theory, equation: Equation) -> Step:
    model = theory.model
    readout = model.readout
    reasons: dict[Var, str] = {
        readout.score.target: "The readout turns what it sees of the step into a score for every output unit.",
        readout.output.target: f"The {model.normalisation.title} turns scores into the output.",
    }
    if not model.parameters_after:
        reasons[readout.output.target] += " The next step reads it back."
    only_at_loss = equation in model.after and theory.is_main and theory.single
    target = equation.target
    return Step(
        key=key_of("model", target.name, _RESERVED),
        lhs=theory.at_loss(target) if only_at_loss else target,
        rhs=theory.at_loss(equation.expression) if only_at_loss else equation.expression,
        rule="model",
        because=(reasons.get(target, _BECAUSE[target.kind]),),
        where=() if only_at_loss else (over(t, 1, theory.length),),
    )


def _starts(theory: Theory) -> tuple[Step, ...]:
    return tuple(
        Step(f"model.start-{e.target.name}", e.target, e.expression, "model",
             ("The final state of the encoder is the first of the decoder.",))
        for e in theory.phase.starts
    )  # fmt: skip


def _stack(theory: Theory) -> tuple[Step, ...]:
    states = theory.phase.states
    if len(states) == 1:
        return ()
    because: Prose = ("A step hands on more than one quantity. Stacked into one column, they are the state of the "
                      "general theory.",)  # fmt: skip
    everywhere = (over(t, 0, theory.length),)
    return (Step("model.stack", theory.state, theory.phase.stacked(), "definition", because, everywhere),)


def _shape(theory: Theory) -> tuple[Step, ...]:
    h, w = theory.state, theory.w
    known = [part for variable in (*theory.phase.inputs, h.at(t - 1)) for part in (", ", variable)][1:]
    every = (over(t, 1, theory.length),)
    shape = (
        Step(
            "model.f", h, theory.f(), "abbreviation",
            ("The derivation needs only the shape of one step: a function of ", *known,
             " and the shared weights ", w, ": the entries of any one parameter of the recurrence, in a column."),
            every,
        ),
    )  # fmt: skip
    if not theory.is_main or theory.shows_its_state:
        return shape
    when = () if theory.single else every
    weights: Prose = (" and its own weights ", theory.w_out) if theory.model.parameters_after else ()
    output = theory.at_loss(theory.model.readout.output.target)
    return (
        *shape,
        Step("model.g", output, theory.at_loss(theory.readout()), "abbreviation",
             ("Likewise the output: a function of ", theory.at_loss(h), *weights, "."), when),
    )  # fmt: skip


def _unrolled(theory: Theory) -> tuple[Step, ...]:
    h, w, length = theory.state, theory.w, theory.length
    once, twice = theory.f(t - 1), theory.f(t - 2)
    return (
        Step(
            "model.unroll1", h, theory.f(t, once), "substitute",
            ("The previous state is itself a step: the same weights appear again.",),
            (over(t, 2, length),),
            Rewriting(using=("model.f",), start="model.f", at=(h.at(t - 1),)),
        ),
        Step(
            "model.unroll2", h, theory.f(t, theory.f(t - 1, twice)), "substitute",
            ("And again, down to ", h.at(0), ": every state depends on ", w, " through all steps before it."),
            (over(t, 3, length),),
            Rewriting(using=("model.f",), start="model.unroll1", at=(h.at(t - 2),)),
        ),
    )  # fmt: skip


def steps(theory: Theory) -> tuple[Step, ...]:
    model, phase = theory.model, theory.phase
    equations = (*phase.equations, *(model.after if theory.is_main else ()))
    total = theory.weighted_sum(model.readout.loss.target)
    because = (
        ("The loss of the network is that of its last step.",) if theory.single
        else ("The total loss collects the losses of the steps that have one.",)
    )  # fmt: skip
    return (
        *_starts(theory),
        *(_equation(theory, equation) for equation in equations),
        *((Step("model.L", model.total, total, "model", because),) if theory.is_main else ()),
        *_stack(theory),
        *_shape(theory),
        *_unrolled(theory),
    )
