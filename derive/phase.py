"""A phase: one recurrence, run for a number of steps.  An encoder is a phase, the decoder after it is another."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import sympy as sp

from derive.build import stack
from derive.cell import Cell, Equation, lag, variables
from derive.expr import Node, Var
from derive.indices import t, value


@dataclass(frozen=True)
class Phase:
    """``states`` are all that a step reads from the step before, ``equations`` what they need, in order.

    ``starts`` are the equations of the initial states that an earlier phase gives; the others are given.  ``name`` and
    ``mark`` (in every name of an earlier phase, after a caret) are empty for the phase that has the loss.
    """

    cell: Cell
    length: sp.Symbol
    states: tuple[Var, ...]
    equations: tuple[Equation, ...]
    parameters: tuple[Var, ...]
    starts: tuple[Equation, ...] = ()
    name: str = ""
    mark: str = ""

    @cached_property
    def inputs(self) -> tuple[Var, ...]:
        used = used_by(self.equations)
        return tuple(variable for variable in self.cell.inputs if variable in used)

    @cached_property
    def state(self) -> Var:
        """All states of a step in one column: H_t = (h_t; c_t).  A lone state stands for itself."""
        if len(self.states) == 1:
            return self.states[0]
        names = {variable.name for variable in (*self.cell.parameters, *used_by(self.equations))}
        letter = next(name for name in ("H", "X", "Z", "H_") if marked(name, self.mark) not in names)
        return Var(marked(letter, self.mark), sum(self.heights), 1, t, "stack")

    @property
    def heights(self) -> sp.Tuple:
        return sp.Tuple(*(state.shape[0] for state in self.states))

    def rows_of(self, state: Var, sizes: Mapping[sp.Symbol, int]) -> slice:
        """The rows of the stack that belong to one state; all of them for the stack itself."""
        if state == self.state:
            return slice(None)
        heights = [value(height, sizes) for height in self.heights]
        place = self.states.index(state)
        return slice(sum(heights[:place]), sum(heights[: place + 1]))

    def stacked(self, time: sp.Expr = t) -> Node:
        """The states at a time, on top of each other."""
        return stack(*(state.at(time) for state in self.states))

    @property
    def given_initially(self) -> tuple[Var, ...]:
        """The initial states that no earlier phase gives."""
        started = {equation.target for equation in self.starts}
        return tuple(state.at(0) for state in self.states if state.at(0) not in started)


def marked(name: str, mark: str) -> str:
    """A name with a mark after a caret: ``W_h^e``; a second mark follows a comma, ``W_h^1,e``."""
    if not mark:
        return name
    return f"{name},{mark}" if "^" in name else f"{name}^{mark}"


def used_by(equations: Sequence[Equation]) -> set[Var]:
    return {variable for equation in equations for variable in variables(equation.expression)}


def needed_for(equations: Sequence[Equation], targets: Collection[Var], known: Collection[Var] = ()) -> set[Var]:
    """All variables that the equations of ``targets`` lead back to, stopping at those that are ``known``."""
    by_target = {equation.target: equation for equation in equations}
    found: set[Var] = set()
    waiting = list(targets)
    while waiting:
        variable = waiting.pop()
        if variable in found:
            continue
        found.add(variable)
        if variable in by_target and (variable not in known or variable in targets):
            waiting.extend(variables(by_target[variable].expression))
    return found


def phase(cell: Cell, length: sp.Symbol, name: str, mark: str) -> Phase:
    """A phase of a cell that is complete in itself: it has no feedback."""
    return replace(of_equations(cell, cell.equations, cell.states, cell.parameters, length), name=name, mark=mark)


def of_equations(
    cell: Cell,
    equations: Sequence[Equation],
    states: tuple[Var, ...],
    parameters: Sequence[Var],
    length: sp.Symbol,
) -> Phase:
    """The phase of those equations, and those parameters, that the states need."""
    needed = needed_for(equations, states)
    return Phase(
        cell,
        length,
        states,
        tuple(equation for equation in equations if equation.target in needed),
        tuple(w for w in parameters if w in needed),
    )


def reads_the_past(variables_: Collection[Var], states: Sequence[Var]) -> bool:
    return any(lag(state) in variables_ for state in states)
