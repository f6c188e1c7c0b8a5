"""Cells that nobody would think of: any equations over the past, the input and what the step has made before."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from derive.build import hadamard
from derive.cell import Cell, Equation, given, inner, lag, parameter, state
from derive.cellfile.reach import unused
from derive.expr import Node, Var, ones
from derive.functions import sigmoid, tanh
from derive.indices import N_INPUT, N_STATE
from derive.nonlinear import Map
from derive.sums import walk

N, M = N_STATE, N_INPUT
X = given("x", M)
MATRICES = tuple(parameter(name, N, N) for name in ("P", "Q", "R"))
FROM_INPUT = tuple(parameter(name, N, M) for name in ("U", "V"))
VECTORS = tuple(parameter(name, N) for name in ("d", "k"))
STATES = tuple(state(name, N) for name in ("h", "r"))
INNER = tuple(inner(name, N) for name in ("v", "w", "z"))


@st.composite
def expressions(draw: st.DrawFn, made: Sequence[Node], depth: int) -> Node:
    """A column of n over what there is."""
    kinds = ("made", "made", "vector", "input")
    kind = draw(st.sampled_from(kinds if depth == 0 else (*kinds, "matrix", "matrix", "map", "sum", "product", "gate")))
    if kind == "made":
        return draw(st.sampled_from(made))
    if kind == "vector":
        return draw(st.sampled_from(VECTORS))
    if kind == "input":
        return draw(st.sampled_from(FROM_INPUT)) @ X
    first = draw(expressions(made, depth - 1))
    if kind == "matrix":
        return draw(st.sampled_from(MATRICES)) @ first
    if kind == "map":
        return Map(draw(st.sampled_from((tanh, sigmoid))), first)
    second = draw(expressions(made, depth - 1))
    if kind == "sum":
        return first + second
    if kind == "product":
        return hadamard(Map(tanh, first), second)
    opened = Map(sigmoid, first)
    return hadamard(opened, second) + hadamard(ones(N) - opened, draw(st.sampled_from(made)))


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    """One or two states, up to three quantities more, in any order; the readout sees any of them.

    What nothing else reads is added to the last equation, which is that of a state: a cell file has to use everything.
    """
    states = STATES[: draw(st.integers(1, 2))]
    others = INNER[: draw(st.integers(0, 3))]
    targets = (*draw(st.permutations((*states[1:], *others))), states[0])
    pasts = [lag(own) for own in states]
    equations: list[Equation] = []
    for target in targets:
        made: list[Node] = [*pasts, *(equation.target for equation in equations)]
        equations.append(Equation(target, draw(expressions(made, 2))))
    visible = draw(st.sampled_from(targets))
    cell = _cell(states, equations, visible)
    missing = [lag(own) if own in states else own for own in unused(cell) if own not in (X, *cell.parameters)]
    if not cell.inputs or X in unused(cell):
        missing.append(FROM_INPUT[0] @ X)
    if not cell.parameters:
        missing.append(VECTORS[0])
    last = Equation(targets[-1], sum(missing, equations[-1].expression))
    return _cell(states, [*equations[:-1], last], visible)


def _cell(states: tuple[Var, ...], equations: Sequence[Equation], visible: Var) -> Cell:
    used = {node for equation in equations for node in walk(equation.expression)}
    parameters = tuple(own for own in (*MATRICES, *FROM_INPUT, *VECTORS) if own in used)
    inputs: tuple[Var, ...] = (X,) if X in used else ()
    return Cell("test", "a test", states, inputs, parameters, tuple(equations), visible=visible)
