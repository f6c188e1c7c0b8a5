"""The Jacobian of one step of a recurrence, by HIPS autograd through its forward equations: no rule of ours is used."""

from __future__ import annotations

import autograd.numpy as anp
import numpy as np
from autograd import jacobian

from derive.arithmetic import Array, Floating
from derive.evaluate import evaluate
from derive.expr import Var
from derive.indices import t, value
from derive.phase import Phase
from derive.unroll import Table, place
from verify.problem import Problem


def states_after(problem: Problem, phase: Phase, step: int, changed: dict[Var, Array]) -> Array:
    """All states of a phase after one step, in one column, from given values of some variables."""
    values = {where: array.reshape(array.shape[-2:]) for where, array in problem.forward.values.items()}
    table = Table(problem.sizes, values, Floating(anp))
    for variable, array in changed.items():
        table.values[place(variable, {t: step})] = array
    for equation in phase.equations:
        table.values[place(equation.target, {t: step})] = evaluate(equation.expression, table, {t: step})
    return anp.concatenate([table.values[place(state, {t: step})][:, 0] for state in phase.states])


def by_states(problem: Problem, phase: Phase, step: int) -> Array:
    """∂H_t/∂H_{t−1}."""
    lagged = [state.at(step - 1) for state in phase.states]
    start = np.concatenate([problem.forward.values[place(v)].reshape(-1) for v in lagged])
    heights = [value(v.shape[0], problem.sizes) for v in lagged]

    def after(column: Array) -> Array:
        parts, first = {}, 0
        for variable, height in zip(lagged, heights, strict=True):
            parts[variable] = anp.reshape(column[first : first + height], (height, 1))
            first += height
        return states_after(problem, phase, step, parts)

    return jacobian(after)(start)


def by_parameter(problem: Problem, phase: Phase, step: int, w: Var) -> Array:
    """∂H_t/∂vec(w), with H_{t−1} held."""
    start = problem.given[place(w)]
    rows = jacobian(lambda matrix: states_after(problem, phase, step, {w: matrix}))(start)
    return np.swapaxes(rows, 1, 2).reshape(rows.shape[0], -1)  # the columns of w, one after another
