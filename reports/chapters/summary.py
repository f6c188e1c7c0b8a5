"""Conventions, and the result that a hurried reader wants."""

from __future__ import annotations

from derive.derivation import Step
from derive.derivatives import Gradient
from derive.expr import Var
from derive.indices import i, t
from derive.nonlinear import Map
from derive.theory import Theory
from reports.document.blocks import Block, Heading, Line, Note, Result, para
from reports.document.inline import Inline
from reports.formula.tree import row
from reports.material import Material
from reports.present import prose, show


def conventions(material: Material) -> list[Block]:
    """How to read the formulas; said once."""
    theory = Theory(material.model)
    h = theory.state
    product = theory.chain(t, i + 1)
    written = row(show(product), "=", show(theory.c()), "thin", show(theory.c(t - 1)), "cdots", show(theory.c(i + 1)))
    kinks = any(isinstance(e.expression, Map) and e.expression.function.kinks for e in material.model.equations)
    return [
        Note(
            (
                "States, inputs and outputs are column vectors; time runs from 1 to ", row("T"), ", and ",
                show(h.at(0)), " is given. A Jacobian has one row for each output (numerator layout), "
                "the gradient of a scalar has the shape of its parameter, and vec stacks columns. The product of "
                "Jacobians is ordered, ", written,
                ", the later factor on the left; the empty product is ", row("I"), ". ", row("odot"),
                " multiplies entry by entry. A bar marks the gradient of the summed loss with respect to that "
                "quantity. With a batch every gradient is also averaged over the sequences. Files hold arrays as "
                "PyTorch does, (T, batch, features), where a row times the transposed weights is our weights times a "
                "column; numbers are float64. ", *(_KINK if kinks else ()),
                "Blue is what a step creates, red what carries it on, green what is to be found.",
            ),
            kind="convention",
        )
    ]  # fmt: skip


_KINK = ("At its kink ReLU has slope 0, as in PyTorch and JAX; a point at a kink is reported, never judged. ",)


def result(material: Material) -> list[Block]:
    """The backward pass in a box."""
    steps = material.derivation.of("gradient")
    letters = [s for s in steps if not isinstance(s.lhs, Gradient)]
    last_error = _error(material)
    ordered = [*last_error, *letters, *(s for s in steps if isinstance(s.lhs, Gradient))]
    lines = tuple(Line(show(s.lhs), "=", show(s.rhs), _range(s)) for s in ordered)
    return [
        Heading(1, "The result", label="sec:result"),
        para("Run the model forwards and keep the states; then go from the last step to the first:"),
        Result(lines, label="eq:result", caption="Backpropagation through time for this model."),
    ]


def _error(material: Material) -> list[Step]:
    """The error at the output in its simplest form."""
    adjoints = [s for s in material.derivation.of("seed") if isinstance(s.lhs, Var) and s.lhs.kind == "adjoint"]
    return adjoints[-1:]


def _range(step: Step) -> Inline:
    if not step.where:
        return ()
    own = step.where[0]
    return prose(("for ", own.index, " = ", own.lower, ", …, ", own.upper))
