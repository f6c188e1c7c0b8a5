"""The forward pass: the equations of a model, run step after step, in any arithmetic.

It knows the forward equations and nothing else.  What an oracle perturbs is given as an override: a value that is put
in the place of a variable after the equation that sets it, or a parameter of one step alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array, Floating
from derive.cell import Equation
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.indices import T, t, value
from derive.model import Model
from derive.phase import Phase

Place = tuple[str, str, int | None]
"""A variable at a time: its name, its kind, and the step (None for a shared parameter)."""


def place(variable: Var, at: Binding | None = None) -> Place:
    """Where the value of a variable is kept."""
    time = variable.args[3]
    number = None if isinstance(time, sp.Tuple) else value(time, at or {})
    return (*variable.letter, number)


@dataclass
class Table:
    """Values of variables at their times: an environment for the expressions of a model.

    ``stacks`` names the variables that are several states on top of each other, with those states.
    """

    sizes: Mapping[sp.Symbol, int]
    values: dict[Place, Array]
    arithmetic: Arithmetic = field(default_factory=Floating)
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)
    stacks: Mapping[str, tuple[Var, ...]] = field(default_factory=dict)

    def leaf(self, node: Node, at: Binding) -> Array:
        """A variable; a shared parameter may have a value of its own at the running step."""
        if not isinstance(node, Var):
            raise BpttError(f"{node} has no value in a forward pass")
        where = place(node, at if node.args[3] in at else {**self.sizes, **at})
        if where[1] == "stack":
            return self.stacked(where)
        if where[2] is None and t in at:
            own = self.values.get((where[0], where[1], at[t]))
            if own is not None:
                return own
        return self.values[where]

    def stacked(self, where: Place) -> Array:
        """The states of a step on top of each other."""
        parts = [self.values[state.name, state.kind, where[2]] for state in self.stacks[where[0]]]
        batch = np.broadcast_shapes(*(part.shape[:-2] for part in parts))
        return np.concatenate([np.broadcast_to(part, (*batch, *part.shape[-2:])) for part in parts], axis=-2)

    def put(self, where: Place, value_: Array) -> None:
        """Set a variable at a time; of a stack, each of its states."""
        if where[1] != "stack":
            self.values[where] = value_
            return
        first = 0
        for state in self.stacks[where[0]]:
            rows = value(state.shape[0], self.sizes)
            self.values[state.name, state.kind, where[2]] = value_[..., first : first + rows, :]
            first += rows


def table_of(
    model: Model,
    values: Mapping[Place, Array],
    sizes: Mapping[sp.Symbol, int],
    arithmetic: Arithmetic | None = None,
) -> Table:
    """The values of a model's variables."""
    stacks = {phase.state.name: phase.states for phase in model.phases if phase.state.kind == "stack"}
    return Table(sizes, dict(values), arithmetic or Floating(), stacks=stacks)


def unroll(
    model: Model,
    given: Mapping[Place, Array],
    sizes: Mapping[sp.Symbol, int],
    *,
    arithmetic: Arithmetic | None = None,
    overrides: Mapping[Place, Array] | None = None,
    forget: bool = False,
) -> Table:
    """Run the model, phase after phase, from the given parameters, inputs, targets and initial states.

    Returns every variable at every step, and the total loss L.  The readout runs at the steps that have a loss.
    ``forget`` drops what no later step reads, all but the losses: a long sequence then needs the memory of two steps.
    """
    overrides = overrides or {}
    table = table_of(model, given, sizes, arithmetic)
    for where, array in overrides.items():
        if where[1] != "stack":
            table.values[where] = array
    first, last = (value(limit, sizes) for limit in (model.wiring.first, model.wiring.last))
    for phase in model.phases:
        _set(table, phase.starts, {}, overrides)
        _hand_on(table, phase, 0, overrides)
        for step in range(1, value(phase.length, sizes) + 1):
            _set(table, phase.equations, {t: step}, overrides)
            _hand_on(table, phase, step, overrides)
            if phase is model.main and first <= step <= last:
                _set(table, model.after, {t: step}, overrides)
            if forget:
                _drop(table, (*phase.equations, *(model.after if phase is model.main else ())), step - 2)
    ell = model.readout.loss.target
    total = sum(table.values[place(ell, {t: step})] for step in range(first, last + 1))
    table.values[place(model.total)] = table.arithmetic.scalar(weight(model, sizes)) * total
    return table


def weight(model: Model, sizes: Mapping[sp.Symbol, int]) -> sp.Expr:
    """The number in front of the sum of the losses."""
    return model.wiring.weight.xreplace({T: sp.Integer(sizes[T])})


def _set(table: Table, equations: Iterable[Equation], now: Binding, overrides: Mapping[Place, Array]) -> None:
    for equation in equations:
        where = place(equation.target, now)
        changed = overrides.get(where)
        table.values[where] = evaluate(equation.expression, table, now) if changed is None else changed


def _drop(table: Table, equations: Iterable[Equation], step: int) -> None:
    """Equations read the step before their own, and none further back."""
    for equation in equations:
        if equation.target.kind != "loss":
            table.values.pop(place(equation.target, {t: step}), None)


def _hand_on(table: Table, phase: Phase, step: int, overrides: Mapping[Place, Array]) -> None:
    """What later steps and the readout get to see as the states: changed after the step itself has used them."""
    state = phase.state
    changed = overrides.get((state.name, state.kind, step))
    if changed is not None and state.kind == "stack":
        table.put((state.name, state.kind, step), changed)
