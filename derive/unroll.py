"""The forward pass: the equations of a model, run step after step, in any arithmetic.

It knows the forward equations and nothing else.  What an oracle perturbs is given as an override: a value that is put
in the place of a variable after the equation that sets it, or a parameter of one step alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from derive.arithmetic import Arithmetic, Array, Floating
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.indices import T, t, value
from derive.model import Model

Place = tuple[str, str, int | None]
"""A variable at a time: its name, its kind, and the step (None for a shared parameter)."""


def place(variable: Var, at: Binding | None = None) -> Place:
    """Where the value of a variable is kept."""
    time = variable.args[3]
    number = None if variable.time is None else value(time, at or {})
    return variable.args[0].name, variable.args[4].name, number


@dataclass
class Table:
    """Values of variables at their times: an environment for the expressions of a model."""

    sizes: Mapping[sp.Symbol, int]
    values: dict[Place, Array]
    arithmetic: Arithmetic = field(default_factory=Floating)
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)

    def leaf(self, node: Node, at: Binding) -> Array:
        """A variable; a shared parameter may have a value of its own at the running step."""
        if not isinstance(node, Var):
            raise BpttError(f"{node} has no value in a forward pass")
        where = place(node, at)
        if where[2] is None and t in at:
            own = self.values.get((where[0], where[1], at[t]))
            if own is not None:
                return own
        return self.values[where]


def unroll(
    model: Model,
    given: Mapping[Place, Array],
    sizes: Mapping[sp.Symbol, int],
    *,
    arithmetic: Arithmetic | None = None,
    overrides: Mapping[Place, Array] | None = None,
) -> Table:
    """Run the model for ``sizes[T]`` steps from the given parameters, inputs, targets and initial states.

    Returns every variable at every step, and the total loss L.
    """
    overrides = overrides or {}
    table = Table(sizes, {**given, **overrides}, arithmetic or Floating())
    for step in range(1, sizes[T] + 1):
        now = {t: step}
        for equation in model.equations:
            where = place(equation.target, now)
            changed = overrides.get(where)
            table.values[where] = evaluate(equation.expression, table, now) if changed is None else changed
    ell = model.readout.loss.target
    wiring = model.wiring
    first, last = (value(limit, sizes) for limit in (wiring.first, wiring.last))
    total = sum(table.values[place(ell, {t: step})] for step in range(first, last + 1))
    weight = table.arithmetic.scalar(wiring.weight.xreplace({T: sp.Integer(sizes[T])}))
    table.values[place(model.total)] = weight * total
    return table
