"""A point to test at: everything that is given to a network, drawn, with what a derivation assumes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.expr import Node, Var
from derive.indices import t, value
from derive.model import Model
from derive.sums import walk
from derive.unroll import Place, place
from verify.jets.arithmetic import Plain
from verify.jets.free import MINUS_INFINITY

Sizes = Mapping[sp.Symbol, int]
_ZERO, _ONE, _MINUS_ONE = sp.Integer(0), sp.Integer(1), sp.Integer(-1)


def drawn(model: Model, sizes: Sizes, numbers: Plain) -> dict[Place, Array]:
    """Parameters, initial states, inputs and targets, one sequence; a vocabulary leaves out the first output."""
    given = {place(v): draw(shape(v, sizes), numbers) for v in (*model.parameters, *model.initial_states)}
    given |= {place(mask): _mask(shape(mask, sizes)[0], numbers) for mask in model.constants}
    for phase in model.phases:
        for step in range(1, value(phase.length, sizes) + 1):
            given |= {place(x, {t: step}): draw(shape(x, sizes), numbers) for x in model.inputs_of(phase)}
    for step in range(value(model.wiring.first, sizes), value(model.wiring.last, sizes) + 1):
        given[place(model.readout.target, {t: step})] = _target(model, sizes, numbers)
    return given


def nodes(model: Model) -> Iterator[Node]:
    """Every expression in the forward equations."""
    for equations in (model.after, *((*phase.starts, *phase.equations) for phase in model.phases)):
        for equation in equations:
            yield from walk(equation.expression)


def shape(variable: Var, sizes: Sizes) -> tuple[int, int]:
    rows, cols = (value(size, sizes) for size in variable.shape)
    return rows, cols


def draw(shape_: tuple[int, int], numbers: Plain) -> Array:
    entries = np.empty(shape_, dtype=object)
    for where in np.ndindex(shape_):
        entries[where] = numbers.field.draw()
    return entries


def _mask(rows: int, numbers: Plain) -> Array:
    mask = numbers.filled(_ZERO, rows, 1).copy()
    mask[0, 0] = MINUS_INFINITY
    return mask


def _target(model: Model, sizes: Sizes, numbers: Plain) -> Array:
    """What is assumed of a probability vector: it sums to one, and is zero outside of the vocabulary."""
    rows, cols = shape(model.readout.target, sizes)
    if model.loss.targets != "simplex":
        return draw((rows, cols), numbers)
    outside = numbers.filled(_ZERO, 1 if model.constants else 0, cols)
    others = draw((rows - 1 - len(outside), cols), numbers)
    last = numbers.filled(_ONE, 1, 1) + numbers.scalar(_MINUS_ONE) * numbers.column_sum(others)
    return np.concatenate([outside, others, last])
