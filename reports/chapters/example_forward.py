"""The forward pass of the worked example, as tables that are not wider than a page."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from derive.arithmetic import Array
from derive.expr import Var
from derive.indices import t, value
from derive.phase import Phase
from derive.unroll import place
from reports.document.blocks import Column, Table
from reports.document.inline import InlineLike
from reports.formula.tree import Formula, Paren, Row, row
from reports.numbers import fixed, short
from reports.present import show
from verify.problem import Problem

_DECIMALS = 4
_MOST = 6
"""Numbers with so many decimals that have room beside each other, some short ones included."""

Quantity = tuple[Var, int]
"""With its decimals: none where the number is given, and exact."""


def forward_tables(problem: Problem, phase: Phase) -> Iterator[Table]:
    """Inputs, target, states, output and loss, step by step."""
    name = f"{phase.name} of the example" if phase.name else "example"
    for number, group in enumerate(_groups(problem, phase)):
        columns = (Column(row("t"), "right"), *(Column(show(variable), "center") for variable, _ in group))
        steps = range(1, problem.sizes[phase.length] + 1)
        rows = tuple((row(step), *(_cell(problem, quantity, step) for quantity in group)) for step in steps)
        more = ", continued" if number else ""
        caption = f"The forward pass of the {name}{more} (entries of a column side by side)."
        yield Table(columns, rows, caption=caption, label=f"tab:{phase.name or 'main'}-example{number or ''}")


def _groups(problem: Problem, phase: Phase) -> list[list[Quantity]]:
    """All beside each other where there is room; else inputs and states, as many as fit, before target and output."""
    carried, seen = _quantities(problem, phase)
    if _long(problem, [*carried, *seen]) <= _MOST:
        return [[*carried, *seen]]
    groups: list[list[Quantity]] = [[]]
    for quantity in carried:
        if _long(problem, [*groups[-1], quantity]) > _MOST:
            groups.append([])
        groups[-1].append(quantity)
    return [*groups, seen] if seen else groups


def _long(problem: Problem, group: list[Quantity]) -> int:
    return sum(value(variable.shape[0], problem.sizes) for variable, digits in group if digits)


def _quantities(problem: Problem, phase: Phase) -> tuple[list[Quantity], list[Quantity]]:
    """What a step gets and hands on; target, output and loss."""
    model = problem.model
    carried = [*((v, 0) for v in model.inputs_of(phase)), *((v, _DECIMALS) for v in phase.states)]
    if phase is not model.main:
        return carried, []
    readout = model.readout
    output = [] if readout.output.target in phase.states else [readout.output.target]
    return carried, [(readout.target, 0), *((v, _DECIMALS) for v in (*output, readout.loss.target))]


def _cell(problem: Problem, quantity: Quantity, step: int) -> InlineLike:
    """Empty where a step has no such quantity."""
    variable, digits = quantity
    array = problem.forward.values.get(place(variable, {t: step}))
    return "" if array is None else _tuple(np.asarray(array).reshape(-1), digits)


def _tuple(flat: Array, digits: int) -> Formula:
    shown = [fixed(float(x), digits) if digits else short(float(x)) for x in flat]
    if len(shown) == 1:
        return shown[0]
    return Paren(Row(tuple(x for item in shown for x in (row(","), row("thin"), item))[2:]))
