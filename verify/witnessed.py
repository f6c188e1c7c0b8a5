"""The meaning of a derivation's symbols, measured: each letter and each ∂y/∂x by complex steps of the forward pass.

Both sides of every step are evaluated with these values, so a step is checked against what its symbols mean, not
against the steps before it.  No rule of ours is used: h_t, W_h or o_t is moved by ih in the forward pass, and the
imaginary parts of everything downstream are read off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array, Floating
from derive.derivatives import Call, Derivative, Gradient
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate, stack_columns
from derive.expr import Node, Var
from derive.indices import N_PARAMETER, T, t, value
from derive.theory import Theory
from derive.unroll import Place, Table, place, unroll
from verify.problem import Problem

_STEP = 1e-30


@dataclass
class Witnessed:
    """An environment for both sides of a step, with ``w`` standing for one parameter of the cell.

    Only for a batch of one: a Jacobian belongs to one sequence.
    """

    problem: Problem
    w: Var
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)
    moved: dict[Place, Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.forward = self.problem.forward
        self.arithmetic: Arithmetic = Floating()
        count = int(np.prod([value(size, self.problem.sizes) for size in self.w.shape]))
        self.sizes: Mapping[sp.Symbol, int] = {**self.problem.sizes, N_PARAMETER: count}
        self.theory = Theory(self.problem.model)

    def leaf(self, node: Node, at: Binding) -> Array:
        if isinstance(node, Derivative):
            return self._derivative(node, at)
        if isinstance(node, Gradient):
            return self._as_shaped(self._jacobian(place(node.source, at), place(node.target)), node.source)
        if isinstance(node, Call):
            return self._call(node, at)
        assert isinstance(node, Var)
        return self._letter(node, at)

    def _letter(self, node: Var, at: Binding) -> Array:
        """A letter of the theory by its meaning, any other variable by its value in the forward pass."""
        meanings = {"unknown": self._unknown, "local": self._local, "jacobian": self._carried,
                    "seed": self._seed, "adjoint": self._adjoint}  # fmt: skip
        meaning = meanings.get(node.kind)
        if meaning is None:
            return _single(self.forward.leaf(node, at))
        return meaning(node, value(node.time, {**self.sizes, **at}))

    def _unknown(self, node: Var, time: int) -> Array:
        """a_t = ∂h_t/∂w, or δ_t, the gradient of the summed loss with respect to h_t."""
        state = place(self.theory.state.at(time))
        if node.head == self.theory.a().head:
            return self._jacobian(place(self.w), state)
        return self._summed_loss(state)

    def _local(self, node: Var, time: int) -> Array:
        return self._jacobian((self.w.name, self.w.kind, time), place(self.theory.state.at(time)))

    def _carried(self, node: Var, time: int) -> Array:
        state = self.theory.state
        return self._jacobian(place(state.at(time - 1)), place(state.at(time)))

    def _seed(self, node: Var, time: int) -> Array:
        loss = self.problem.model.readout.loss.target
        return self._jacobian(place(self.theory.state.at(time)), place(loss.at(time))).T

    def _adjoint(self, node: Var, time: int) -> Array:
        kind = next(e.target.kind for e in self.problem.model.equations if e.target.name == node.name)
        return self._summed_loss((node.name, kind, time))

    def _summed_loss(self, source: Place) -> Array:
        """The gradient of T·L, the loss without its weight, as a column."""
        model = self.problem.model
        weight = float(model.wiring.weight.xreplace({T: sp.Integer(self.problem.steps)}))
        return self._jacobian(source, place(model.total)).T / weight

    def _derivative(self, node: Derivative, at: Binding) -> Array:
        """Partial for a Call (one step, its other arguments held), else total."""
        target = node.target
        if isinstance(target, Call):
            return self._jacobian(self._argument(target, node.source, at), place(target.output, at))
        assert isinstance(target, Var)
        source = place(self.w) if node.source.kind == "weights" else place(node.source, at)
        return self._jacobian(source, place(target, at))

    def _argument(self, call: Call, source: Var, at: Binding) -> Place:
        """Where an argument of a call stands; a shared weight stands in the call's own step."""
        time = value(call.output.time, {**self.sizes, **at})
        if source.kind == "weights":
            return (self.w.name, self.w.kind, time)
        return place(source, at) if source.time is not None else (source.name, source.kind, time)

    def _jacobian(self, source: Place, target: Place) -> Array:
        """∂target/∂source, matrices stacked by columns."""
        if source not in self.moved:
            self.moved[source] = self._perturbed(source)
        changed = self.moved[source].values[target]
        base = self._value(source)
        rows = stack_columns(np.imag(changed) / _STEP)
        count = base.size
        rows = np.broadcast_to(rows.reshape((-1, *rows.shape[-2:])), (count, *rows.shape[-2:]))
        return rows[:, :, 0].T

    def _perturbed(self, source: Place) -> Table:
        """The forward pass with every entry of ``source`` moved in turn, stacked by columns on the leading axis."""
        base = self._value(source)
        moved = np.repeat(base.astype(complex)[None], base.size, axis=0)
        rows, cols = np.unravel_index(np.arange(base.size), base.shape, order="F")
        moved[np.arange(base.size), rows, cols] += 1j * _STEP
        return unroll(self.problem.model, self.problem.given, self.problem.sizes, overrides={source: moved})

    def _value(self, source: Place) -> Array:
        shared = (source[0], source[1], None)
        return _single(self.forward.values[source if source in self.forward.values else shared])

    def _call(self, node: Call, at: Binding) -> Array:
        """One step of the model from the values of the arguments."""
        time = value(node.output.time, {**self.sizes, **at})
        arguments = [a for a in node.arguments if getattr(a, "kind", "") != "weights"]
        values = dict(self.forward.values)
        states = iter(self.problem.model.previous_states)
        for argument in arguments:
            if isinstance(argument, Var):
                values[place(argument, at)] = _single(self.leaf(argument, at))
            else:
                values[place(next(states), {t: time})] = evaluate(argument, self, at)
        table = Table(self.problem.sizes, values)
        for equation in self.problem.model.equations:
            where = place(equation.target, {t: time})
            if all(where != place(a, at) for a in arguments if isinstance(a, Var)):
                values[where] = evaluate(equation.expression, table, {t: time})
        return _single(values[place(node.output, at)])

    def _as_shaped(self, row: Array, source: Var) -> Array:
        rows, cols = (value(size, self.sizes) for size in source.shape)
        return row.reshape(cols, rows).T


def _single(array: Array) -> Array:
    """Without the batch axis of one."""
    if array.ndim > 2 and array.shape[:-2] != (1,):
        raise BpttError("a step is checked on one sequence at a time")
    return array.reshape(array.shape[-2:])
