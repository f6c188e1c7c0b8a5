"""The forward equations as a recorded program whose state is detached, differentiated by HIPS autograd.

``detached`` takes the bare number out of what is recorded; ``scaled`` is the identity whose gradient is multiplied by
ξ.  Every step may have a copy of its own of each parameter, so that what a loss sends to one step can be compared at
its own scale, and what must be nothing is exactly nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from autograd.extend import defvjp, primitive
from autograd.tracer import getval

from derive.arithmetic import Array, Floating
from derive.cell import Equation
from derive.evaluate import Binding, evaluate
from derive.expr import Var
from derive.indices import t, value
from derive.model import Model
from derive.phase import Phase
from derive.run import name_of
from derive.unroll import Table, place, table_of, weight
from verify.oracles.autograd_reverse import jacobian
from verify.problem import Problem
from verify.program import FLOATING, Point, Program
from verify.rounding import WORSE, Rounding
from verify.truncation.detach_plan import Tape
from verify.truncation.detach_terms import Term

detached: Callable[[Array], Array] = getval
"""The state as a bare number, which has no gradient."""


def _same(state: Array, factor: float) -> Array:
    return np.array(state)


scaled: Callable[[Array, float], Array] = primitive(_same)
"""The state itself; its gradient is multiplied by the factor."""

defvjp(scaled, lambda found, state, factor: lambda gradient: factor * gradient, None)


@dataclass(frozen=True)
class Position:
    """A step of the chain of all phases: the phase, and the step counted in it."""

    phase: Phase
    step: int


def positions(problem: Problem) -> list[Position]:
    """Of the steps 1, 2, … in the order in which they run."""
    phases = problem.model.phases
    return [Position(own, step) for own in phases for step in range(1, value(own.length, problem.sizes) + 1)]


def losses(problem: Problem) -> tuple[int, ...]:
    """The positions that have a loss."""
    wiring, chain = problem.model.wiring, positions(problem)
    before = len(chain) - problem.steps
    first, last = (before + value(limit, problem.sizes) for limit in (wiring.first, wiring.last))
    return tuple(range(first, last + 1))


@dataclass(frozen=True)
class Recorded:
    """The weighted losses of a tape as a function of the parameters: what ``jacobian`` wants (``LossFunction``).

    ``apart`` keeps the losses apart; else they are added up.  ``rounding`` is that of ``Program``.
    """

    problem: Problem
    tape: Tape
    apart: bool = False
    rounding: int | None = None

    def __call__(self, point: Mapping[str, Array], arithmetic: Floating = FLOATING) -> Array:
        xp = arithmetic.xp
        if self.rounding is not None:
            arithmetic = Rounding(WORSE, self.rounding, arithmetic)
        table = table_of(self.problem.model, self.problem.forward.values, self.problem.sizes, arithmetic)
        for source in self.problem.sources:
            _put(table, source, point[name_of(source)])
        found = xp.stack([xp.mean(loss) for loss in self._losses(table)])
        found = found * float(weight(self.problem.model, self.problem.sizes))
        return found if self.apart else xp.sum(found, keepdims=True)

    def regions(self, point: Mapping[str, Array]) -> Array:
        """Reverse mode does not ask."""
        raise NotImplementedError

    def _losses(self, table: Table) -> Iterator[Array]:
        """Steps before the first recorded one keep the values of the plain forward pass, which are constants."""
        model, chain = self.problem.model, positions(self.problem)
        for number in range(self.tape.first, self.tape.losses[-1] + 1):
            own = chain[number - 1]
            if own.step == 1:
                _run(table, own.phase.starts, {})
            self._link(table, own, number)
            _run(table, own.phase.equations, {t: own.step})
            if number in self.tape.losses:
                _run(table, model.after, {t: own.step})
                yield table.values[place(_loss(model), {t: own.step})]

    def _link(self, table: Table, own: Position, number: int) -> None:
        """All states before a step; the loss of the step before has been computed from them already."""
        for state in own.phase.states:
            where = place(state.at(own.step - 1))
            if number == self.tape.detached:
                table.values[where] = detached(table.values[where])
            elif number in self.tape.scaled:
                table.values[where] = scaled(table.values[where], self.tape.scaled[number])


def _put(table: Table, source: Var, array: Array) -> None:
    """A shared parameter or an initial state; of a parameter in copies, one for every step."""
    if array.ndim == 2:
        table.values[place(source)] = array
        return
    for step in range(len(array)):
        table.values[source.name, source.kind, step + 1] = array[step]


def _run(table: Table, equations: tuple[Equation, ...], now: Binding) -> None:
    for equation in equations:
        table.values[place(equation.target, now)] = evaluate(equation.expression, table, now)


def _loss(model: Model) -> Var:
    return model.readout.loss.target


def totals(problem: Problem, plan: tuple[Tape, ...], rounding: int | None = None) -> dict[Term, Array]:
    """The gradient of every parameter and initial state: all backward passes added up."""
    found: dict[Term, Array] = {}
    for tape in plan:
        rows = jacobian(Recorded(problem, tape, rounding=rounding), Program(problem).point)
        for name, measured in rows.items():
            found[Term(name)] = found.get(Term(name), 0.0) + measured.value[0]
    return found


def terms(problem: Problem, plan: tuple[Tape, ...], rounding: int | None = None) -> dict[Term, Array]:
    """What every loss sends to every step, one array of the parameter's shape each."""
    shared, copies = Program(problem).point, Program(problem, untied=True).point
    point: Point = {**shared, **copies}
    offset = _offsets(problem)
    found: dict[Term, Array] = {}
    for tape in plan:
        rows = jacobian(Recorded(problem, tape, apart=True, rounding=rounding), point)
        for name, measured in rows.items():
            for late, row in zip(tape.losses, measured.value, strict=True):
                apart = row if name in copies else row[None]
                early = offset[name] if name in copies else -1
                found |= {Term(name, late, early + number): one for number, one in enumerate(apart, start=1)}
    return found


def _offsets(problem: Problem) -> dict[str, int]:
    """How many steps run before the phase that a parameter belongs to."""
    found: dict[str, int] = {}
    before = 0
    for phase in problem.model.phases:
        found |= {w.name: before for w in problem.model.parameters if problem.model.phase_of(w) is phase}
        before += value(phase.length, problem.sizes)
    return found
