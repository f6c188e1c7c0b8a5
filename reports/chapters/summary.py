"""Conventions, and the result that a hurried reader wants."""

from __future__ import annotations

from derive.derivation import Step
from derive.expr import Var
from derive.indices import t
from derive.model import Model
from derive.nonlinear import Map
from derive.theory import Theory, theories
from reports.chapters.derivation import is_gradient
from reports.chapters.model import joined, listed
from reports.document.blocks import Block, Heading, Line, Note, Result, para
from reports.document.inline import Inline
from reports.formula.tree import Formula, row
from reports.material import Material
from reports.present import index, prose, show


def conventions(material: Material) -> list[Block]:
    """How to read the formulas; said once."""
    model, theory = material.model, Theory(material.model)
    kinks = any(isinstance(e.expression, Map) and e.expression.function.kinks for e in model.equations)
    return [
        Note(
            (
                "States, inputs and outputs are column vectors; ", *_time(model), " A Jacobian has one row for each "
                "output (numerator layout), the gradient of a scalar has the shape of its parameter, and vec stacks "
                "columns. ", show(theory.w), " stands for the entries of any one parameter of the recurrence, in a "
                "column. The product of Jacobians is ordered, ", _product(theory), ", the later factor on the left; "
                "the empty product is ", row("I"), ". ", row("odot"),
                " multiplies entry by entry. A bar marks the gradient of the summed loss with respect to that "
                "quantity. ", *_stack(theory), "With a batch every gradient is also averaged over the sequences. Files "
                "hold arrays as PyTorch does, (T, batch, features), where a row times the transposed weights is our "
                "weights times a column; numbers are float64. ", *(_KINK if kinks else ()),
                "Blue is what a step creates, red what carries it on, green what is to be found.",
            ),
            kind="convention",
        )
    ]  # fmt: skip


def _product(theory: Theory) -> Formula:
    early = theory.early
    factors = (show(theory.c()), "thin", show(theory.c(t - 1)), "cdots", show(theory.c(early + 1)))
    return row(show(theory.chain(t, early + 1)), "=", *factors)


def _time(model: Model) -> Inline:
    runs = joined([row("1", ",", "thin", "ldots", ",", index(phase.length)) for phase in model.phases])
    starts, several = listed(model.initial_states), len(model.initial_states) > 1
    given: Inline = (", and ", *starts, f" {'are' if several else 'is'} given") if starts else ()
    return ("time runs through ", *runs, *given, ".")


def _stack(theory: Theory) -> Inline:
    """What is said of several states."""
    states = theory.phase.states
    if len(states) == 1:
        return ()
    part = theory.part(theory.g(), states[0])
    return (show(theory.state), " is the column of ", *listed(states), " on top of each other, and ", show(part),
            " are the rows of ", show(theory.g()), " that belong to ", show(states[0]), ". ")  # fmt: skip


_KINK = ("At its kink ReLU has slope 0, as in PyTorch and JAX; a point at a kink is reported, never judged. ",)


def result(material: Material) -> list[Block]:
    """The backward pass in a box, a part for each phase, in the order in which it runs."""
    parts = [_backward(material, theory) for theory in theories(material.model)]
    return [
        Heading(1, "The result", label="sec:result"),
        para("Run the model forwards and keep the states; then go from the last step to the first:"),
        *parts,
    ]


def _backward(material: Material, theory: Theory) -> Result:
    """Of what is simplified on the way the last, simplest form is shown."""
    name = theory.phase.name
    steps = [*_start(material, theory), *material.derivation.of(theory.key("gradient"))]
    simplest = {step.lhs: step for step in steps if step.rule != "assumption" or _is_bar(step)}
    ordered = sorted(simplest.values(), key=lambda step: (is_gradient(step), not _starts_the_sweep(step)))
    shown = tuple(_line(before, step) for before, step in zip((None, *ordered), ordered, strict=False))
    caption = f"Backpropagation through time: the {name}." if name else "Backpropagation through time for this model."
    return Result(shown, label=f"eq:{theory.key('result')}", caption=caption)


def _line(before: Step | None, step: Step) -> Line:
    """A range is printed where it changes; gradients may stand side by side."""
    beside = before is not None and is_gradient(before) and is_gradient(step)
    why = () if before is not None and before.where == step.where else _range(step)
    return Line(show(step.lhs), "=", show(step.rhs), why, beside=beside)


def _start(material: Material, theory: Theory) -> list[Step]:
    """Where the sweep starts: the error at the output in its simplest form; in an encoder, what the decoder sends."""
    if not theory.is_main:
        return [s for s in material.derivation.of(theory.key("crossing")) if s.rule == "adjoint" and _is_bar(s)]
    return [s for s in material.derivation.of("seed") if _is_bar(s)][-1:]


def _starts_the_sweep(step: Step) -> bool:
    """Whether it is about the last step alone."""
    return _is_bar(step) and not step.where


def _is_bar(step: Step) -> bool:
    return isinstance(step.lhs, Var) and step.lhs.kind == "adjoint"


def _range(step: Step) -> Inline:
    if not step.where:
        return ()
    own = step.where[0]
    return prose(("for ", own.index, " = ", own.lower, ", …, ", own.upper))
