"""A task's network, run for many sets of weights at once.

A compiled program holds one set of weights; training compares dozens of runs of a small network, where the number of
calls is what costs time.  Here all runs take a step together, with the derivation's own expressions.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from derive.arithmetic import Array
from derive.assemble import derivation
from derive.build import split_factor
from derive.cell import lag
from derive.errors import InputError
from derive.expr import Node, Var
from derive.indices import T, t, value
from derive.run import FORMS, stated
from derive.sums import Sum, reindex
from derive.theory import Theory
from derive.unroll import weight
from verify.training.passed import Passed
from verify.training.steps import Letters, Steps
from verify.training.task import Task

_ADJOINT = next(form for form in FORMS if form.descending)


class Network:
    """Everything that is evaluated, said of step t.  Raises InputError for a model of several phases."""

    def __init__(self, task: Task) -> None:
        model = task.model
        if len(model.phases) > 1:
            raise InputError(f"task '{task.name}' has an encoder", mend="give it one recurrence, wiring every or last")
        self.task, self.theory, self.phase = task, Theory(model), model.main
        self.derivation = derivation(model)
        self.rows = {state: self.phase.rows_of(state, task.sizes) for state in self.phase.states}
        self.deltas = {self.theory.delta_of(state).letter: rows for state, rows in self.rows.items()}
        self.seed = self.theory.g()
        self.factor = self.derivation[self.theory.key("local.c")].rhs
        self.sweep = self.theory.sweep
        self.arriving = [(self.sweep.at_sources.get(lag(state)), rows) for state, rows in self.rows.items()]
        self.seeds = self._seeds()
        self.readout = {w.name: self._summand(w) for w in model.parameters_after}
        self.losses = range(value(model.wiring.first, task.sizes), value(model.wiring.last, task.sizes) + 1)
        self.weight = float(weight(model, task.sizes))

    def _seeds(self) -> dict[tuple[str, str], Node]:
        """g_t and the adjoints that it is made of, by letter, at a step with a loss."""
        steps = {step.key: step for step in self.derivation.of("seed")}
        last = {self.theory.last: t} if self.theory.single else {}
        found = {place: [k for k in keys if k in steps] for place, keys in self.derivation.definitions.items()}
        return {place: reindex(steps[keys[0]].rhs, last) for place, keys in found.items() if keys}

    def _summand(self, w: Var) -> Node:
        """What a step with a loss adds to the gradient of a parameter of the readout, without the weight."""
        body = split_factor(stated(self.derivation, _ADJOINT)[w.name].rhs)[1]
        return reindex(body.body, {body.index: t}) if isinstance(body, Sum) else reindex(body, {T: t})

    def run(
        self, parameters: Mapping[str, Array], inputs: Array | None, targets: Array, start: Array | None = None
    ) -> Passed:
        """Parameters (…, 1, rows, columns), inputs (T, …, B, m, 1), targets (T, …, B, q, 1) and the states before the
        first step (…, B, n, 1), zero unless given; the axes in front are runs."""
        size = value(self.phase.state.shape[0], self.task.sizes)
        first = self.apart(np.zeros((1, size, 1)) if start is None else start)
        states, steps = first, []
        for step in range(self.task.steps):
            env = Steps(self.task.sizes, parameters, self.given(inputs, step), states)
            env.run(self.phase.equations)
            states = {state.letter: env.now[state.letter] for state in self.phase.states}
            steps.append(env.now)
        return Passed(self, parameters, targets, steps, first)

    def given(self, inputs: Array | None, step: int) -> Letters:
        return {} if inputs is None else {x.letter: inputs[step] for x in self.phase.inputs}

    def apart(self, column: Array) -> Letters:
        """The states in a stacked column, (…, n, K)."""
        return {state.letter: column[..., rows, :] for state, rows in self.rows.items()}

    def together(self, states: Mapping[tuple[str, str], Array]) -> Array:
        """And back."""
        return np.concatenate([states[state.letter] for state in self.rows], axis=-2)
