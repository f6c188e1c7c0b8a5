"""The meaning of a derivation's symbols, measured: each letter and each ∂y/∂x by complex steps of the forward pass.

Both sides of every step are evaluated with these values, so a step is checked against what its symbols mean, not
against the steps before it.  No rule of ours is used: h_t, W_h or o_t is moved by ih in the forward pass, and the
imaginary parts of everything downstream are read off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array, Floating
from derive.derivation import letter
from derive.derivatives import Call, Derivative, Gradient
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate, stack_columns
from derive.expr import Node, Var
from derive.indices import N_PARAMETER, t, value
from derive.model import Model
from derive.theory import Theory, theories
from derive.unroll import Place, Table, place, table_of, unroll, weight
from verify.problem import Problem
from verify.rounding import SAMPLES, Rounding, amplitude

_STEP = 1e-30
_ROUNDING = amplitude(16)


@dataclass
class Witnessed:
    """An environment for both sides of a step, with ``w`` standing for one parameter of the cell.

    Only for a batch of one: a Jacobian belongs to one sequence.
    """

    problem: Problem
    w: Var
    arithmetic: Arithmetic = field(default_factory=Floating)
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)
    moved: dict[Place, Table] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.forward = self.problem.forward
        if type(self.arithmetic) is not Floating:
            self.forward = self._run({})
        count = int(np.prod([value(size, self.problem.sizes) for size in self.w.shape]))
        self.sizes: Mapping[sp.Symbol, int] = {**self.problem.sizes, N_PARAMETER: count}
        model = self.problem.model
        self.meanings = dict(_meanings(model))
        self.kinds = {e.target.name: e.target.kind for phase in model.phases for e in (*phase.starts, *phase.equations)}
        self.kinds |= {e.target.name: e.target.kind for e in model.after}

    def leaf(self, node: Node, at: Binding) -> Array:
        at = {**self.sizes, **at}
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
        if node.kind == "adjoint":
            return self._adjoint(node, value(node.time, at))
        meaning = self.meanings.get(letter(node))
        if meaning is None:
            return _single(self.forward.leaf(node, at))
        return meaning(self, time=value(node.time, at))

    def unknown(self, theory: Theory, time: int) -> Array:
        """a_t = ∂h_t/∂w."""
        return self._jacobian(place(self.w), place(theory.state.at(time)))

    def summed_loss(self, theory: Theory, state: Var, time: int) -> Array:
        """The part of δ_t for one state: the gradient of the summed loss with respect to it, as it is handed on."""
        return self._summed_loss(place(theory.state.at(time)))[theory.phase.rows_of(state, self.sizes)]

    def local(self, theory: Theory, time: int) -> Array:
        return self._jacobian((self.w.name, self.w.kind, time), place(theory.state.at(time)))

    def carried(self, theory: Theory, time: int) -> Array:
        return self._jacobian(place(theory.state.at(time - 1)), place(theory.state.at(time)))

    def seed(self, theory: Theory, time: int) -> Array:
        """The gradient of what the loss sees of a step directly: its own loss, or, for an encoder, all of them."""
        if not theory.is_main:
            return self._summed_loss(place(theory.state.at(time)))
        loss = self.problem.model.readout.loss.target
        return self._jacobian(place(theory.state.at(time)), place(loss.at(time))).T

    def _adjoint(self, node: Var, time: int) -> Array:
        return self._summed_loss((node.name, self.kinds[node.name], time))

    def _summed_loss(self, source: Place) -> Array:
        """The gradient of T·L, the loss without its weight, as a column."""
        model = self.problem.model
        return self._jacobian(source, place(model.total)).T / float(weight(model, self.problem.sizes))

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
        time = value(call.output.time, at)
        if source.kind == "weights":
            return (self.w.name, self.w.kind, time)
        return place(source, at) if source.time is not None else (source.name, source.kind, time)

    def _jacobian(self, source: Place, target: Place) -> Array:
        """∂target/∂source, matrices stacked by columns."""
        if source not in self.moved:
            self.moved[source] = self._perturbed(source)
        changed = _read(self.moved[source], target)
        base = self._value(source)
        rows = stack_columns(np.imag(changed))
        count = base.size
        rows = np.broadcast_to(rows.reshape((-1, *rows.shape[-2:])), (count, *rows.shape[-2:]))
        moves: Array = _moves(base).T.ravel()
        return rows[:, :, 0].T / moves

    def _perturbed(self, source: Place) -> Table:
        """The forward pass with every entry of ``source`` moved in turn, stacked by columns on the leading axis."""
        base = self._value(source)
        moved = np.repeat(base.astype(complex)[None], base.size, axis=0)
        rows, cols = np.unravel_index(np.arange(base.size), base.shape, order="F")
        moved[np.arange(base.size), rows, cols] += 1j * _moves(base)[rows, cols]
        return self._run({source: moved})

    def _run(self, overrides: Mapping[Place, Array]) -> Table:
        problem = self.problem
        return unroll(problem.model, problem.given, problem.sizes, arithmetic=self.arithmetic, overrides=overrides)

    @cached_property
    def again(self) -> tuple[Witnessed, ...]:
        """The same measured a few times more, with functions that round worse."""
        return tuple(Witnessed(self.problem, self.w, Rounding(_ROUNDING, seed)) for seed in range(SAMPLES))

    def _value(self, source: Place) -> Array:
        shared = (source[0], source[1], None)
        known = source if source[1] == "stack" or source in self.forward.values else shared
        return _single(_read(self.forward, known))

    def _call(self, node: Call, at: Binding) -> Array:
        """One step of the model from the values of the arguments."""
        time = value(node.output.time, at)
        model = self.problem.model
        phase = next((phase for phase in model.phases if phase.state.head == node.output.head), None)
        table = table_of(model, self.forward.values, self.problem.sizes, self.arithmetic)
        for argument in node.arguments:
            if isinstance(argument, Call):
                table.put(place(argument.output, at), _single(self._call(argument, at)))
            elif isinstance(argument, Var) and argument.kind != "weights" and argument.time is not None:
                table.put(place(argument, at), _single(self.leaf(argument, at)))
        held = {place(argument, at) for argument in node.arguments if isinstance(argument, Var)}
        for equation in model.after if phase is None or node.name == "ell" else phase.equations:
            where = place(equation.target, {t: time})
            if where not in held:
                table.values[where] = evaluate(equation.expression, table, {t: time})
        return _single(_read(table, place(node.output, at)))

    def _as_shaped(self, row: Array, source: Var) -> Array:
        rows, cols = (value(size, self.sizes) for size in source.shape)
        return row.reshape(cols, rows).T


def _single(array: Array) -> Array:
    """Without the batch axis of one."""
    if array.ndim > 2 and array.shape[:-2] != (1,):
        raise BpttError("a step is checked on one sequence at a time")
    return array.reshape(array.shape[-2:])


def _moves(base: Array) -> Array:
    """How far each entry is moved: far less than its own size, which for a probability may be 1e-60."""
    size = np.abs(base)
    return _STEP * np.where(size > 0, np.minimum(size, 1.0), 1.0)


def _read(table: Table, where: Place) -> Array:
    return table.stacked(where) if where[1] == "stack" else table.values[where]


Meaning = Callable[..., Array]


def _meanings(model: Model) -> Iterator[tuple[tuple[str, str], Meaning]]:
    """What each letter of the theory of each phase stands for."""
    for theory in theories(model):
        yield letter(theory.a()), partial(Witnessed.unknown, theory=theory)
        yield letter(theory.b()), partial(Witnessed.local, theory=theory)
        yield letter(theory.c()), partial(Witnessed.carried, theory=theory)
        yield letter(theory.g()), partial(Witnessed.seed, theory=theory)
        for state in (theory.state, *theory.phase.states):
            own = theory.delta() if state == theory.state else theory.delta_of(state)
            yield letter(own), partial(Witnessed.summed_loss, theory=theory, state=state)
