"""Feedback: the input of a step is made of the output of the step before, x_t = F o_{t−1}."""

from __future__ import annotations

from dataclasses import replace

from derive.cell import Cell, Equation, inner, lag, output, parameter
from derive.errors import InputError
from derive.expr import Node, Var
from derive.indices import N_OUTPUT
from derive.loss import free
from derive.sums import rewrite


def fed_back(cell: Cell) -> Cell:
    """The cell with x_t = F o_{t−1} as its first equation; the output is then one more lagged variable.

    (The case without it, where x_t is given, is teacher forcing; Williams & Zipser 1989.)  Raises InputError for a
    cell that reads the output back anyway, or has several inputs.
    """
    if cell.feedback is not None:
        raise InputError(f"cell '{cell.name}' reads the output back by itself", mend="leave --feedback out")
    if len(cell.inputs) != 1:
        raise InputError(
            f"cell '{cell.name}' has {len(cell.inputs)} inputs; the output can be fed back into one",
            mend="choose a cell with one input",
        )
    (source,) = cell.inputs
    taken = {variable.name for variable in (*cell.states, *cell.parameters, *(e.target for e in cell.equations))}
    back = output(free(taken, "o", "p", "out"))
    matrix = parameter(free(taken, "F", "F_o", "F_out"), source.shape[0], N_OUTPUT)
    now = inner(source.name, source.shape[0])

    def replaced(part: Node) -> Node | None:
        return now if part == source else None

    equations = (Equation(e.target, rewrite(e.expression, replaced)) for e in cell.equations)
    return replace(
        cell,
        inputs=(),
        parameters=(*cell.parameters, matrix),
        equations=(Equation(now, matrix @ lag(back)), *equations),
        feedback=back,
    )


def is_fed_back(cell: Cell, variable: Var) -> bool:
    return cell.feedback is not None and variable.head == cell.feedback.head
