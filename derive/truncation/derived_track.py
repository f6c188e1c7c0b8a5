"""A track whose errors, factors and shares are the derivation's own steps, in floats or in exact numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.build import split_factor
from derive.chapters import crossing
from derive.chapters.gradients import RESERVED
from derive.derivation import Derivation, key_of
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.indices import t, value
from derive.run import Derived, name_of
from derive.sums import Sum
from derive.theory import Theory, theories
from derive.track import Gradients, Track
from derive.truncation.sending import Sending, applied
from derive.unroll import Table, place


@dataclass(frozen=True)
class Segment:
    """The steps ``first`` … ``last`` of the chain that belong to one phase."""

    theory: Theory
    first: int
    last: int

    def own(self, step: int) -> int:
        """The step counted in its phase, from one."""
        return step - self.first + 1


class DerivedTrack(Track):
    """The chain of a model whose forward pass is ``forward``, phase after phase."""

    def __init__(self, derivation: Derivation, forward: Table) -> None:
        self.derivation, self.table = derivation, forward
        self.derived = Derived(derivation, forward)
        told = tuple(reversed(theories(derivation.model)))
        lengths = [value(theory.length, forward.sizes) for theory in told]
        ends = list(accumulate(lengths))
        self.segments = tuple(
            Segment(theory, end - length + 1, end) for theory, end, length in zip(told, ends, lengths, strict=True)
        )
        self.length = ends[-1]
        self.shapes = {
            name_of(w): (value(w.shape[0], forward.sizes), value(w.shape[1], forward.sizes))
            for theory in told for w in theory.phase.parameters
        }  # fmt: skip
        self._factors: dict[int, Array] = {}

    def segment(self, step: int) -> Segment:
        return next(own for own in self.segments if own.first <= step <= own.last)

    def seed(self, step: int) -> Array:
        own = self.segment(step)
        if not own.theory.is_main or not self._has_loss(own, step):
            rows = value(own.theory.size, self.table.sizes)
            zero = self.table.arithmetic.filled(sp.Integer(0), rows, 1)
            return np.broadcast_to(zero, (self.batch, rows, 1))
        return self._batched(self.derived.leaf(own.theory.g(own.own(step)), {}))

    def factor(self, step: int) -> Array:
        """c of a step, (B, n, n)."""
        if step not in self._factors:
            own = self.segment(step)
            self._factors[step] = self._batched(self.derived.leaf(own.theory.c(own.own(step)), {}))
        return self._factors[step]

    def before(self, step: int, columns: Array) -> Array:
        return applied(np.swapaxes(self.factor(step), -1, -2), columns)

    def back(self, step: int, columns: Array) -> Array:
        own = self.segment(step)
        if step > own.first or own is self.segments[0]:
            return self.before(step, columns)
        return self._crossed(own.theory, self.segments[self.segments.index(own) - 1].theory, columns)

    def forward(self, step: int, columns: Array) -> Array:
        own = self.segment(step)
        if step > own.first or own is self.segments[0]:
            return applied(self.factor(step), columns)
        rows = self.factor(step).shape[-1]
        unit = np.broadcast_to(self.table.arithmetic.identity(rows), (self.batch, rows, rows))
        return applied(np.swapaxes(self.back(step, unit), -1, -2), columns)

    def _crossed(self, theory: Theory, earlier: Theory, columns: Array) -> Array:
        """From the first step of a phase to the last state of the one before it, one run for every column."""
        runs = np.moveaxis(columns, -1, 0)[..., None]
        env = self._sent(theory, 1, runs)
        for equation in crossing.sweep(earlier).named:
            self._know(env, equation.target, self.derivation[earlier.key(f"crossing.{equation.target.name}-bar")].rhs)
        found = evaluate(self.derivation[earlier.key("crossing.g")].rhs, env, {})
        return np.moveaxis(np.broadcast_to(found, (*runs.shape[:-2], *found.shape[-2:]))[..., 0], 0, -1)

    def share(self, step: int, delta: Array) -> Gradients:
        own = self.segment(step)
        env = self._sent(own.theory, own.own(step), delta)
        now = {**self.table.sizes, t: own.own(step)}
        found = {}
        for name, (scale, body) in self._gradients[own.theory.place].items():
            term = scale * evaluate(body, env, now)
            found[name] = np.broadcast_to(term, np.broadcast_shapes(term.shape, (*delta.shape[:-2], 1, 1))).mean(-3)
        return found

    def initial(self, step: int) -> Mapping[str, slice]:
        own = self.segment(step)
        return self._initial[own.theory.place] if step == own.first else {}

    def at_start(self, delta: Array) -> Array:
        return self._weight * delta.mean(-3)

    @cached_property
    def batch(self) -> int:
        """The number of sequences."""
        return max((len(array) for array in self.table.values.values() if np.ndim(array) > 2), default=1)

    def _batched(self, array: Array) -> Array:
        return np.broadcast_to(array, (self.batch, *array.shape[-2:]))

    @cached_property
    def _weight(self) -> Array:
        model, sizes = self.derivation.model, self.table.sizes
        lengths = {symbol: sp.Integer(number) for symbol, number in sizes.items()}
        return self.table.arithmetic.scalar(sp.sympify(model.wiring.weight).xreplace(lengths))

    @cached_property
    def _initial(self) -> dict[int, dict[str, slice]]:
        sizes = self.table.sizes
        return {
            own.theory.place: {
                name_of(start): own.theory.phase.rows_of(start.at(t), sizes)
                for start in own.theory.phase.given_initially
            }
            for own in self.segments
        }

    @cached_property
    def _gradients(self) -> dict[int, dict[str, tuple[Array, Node]]]:
        """By phase and parameter: the weight as the derivation has it, and the term of step t."""
        return {own.theory.place: dict(self._terms(own.theory)) for own in self.segments}

    def _terms(self, theory: Theory) -> Iterator[tuple[str, tuple[Array, Node]]]:
        lengths = {symbol: sp.Integer(number) for symbol, number in self.table.sizes.items()}
        for w in theory.phase.parameters:
            step = self.derivation[theory.key(key_of("gradient", w.name, RESERVED))]
            scale, body = split_factor(step.rhs)
            assert isinstance(body, Sum), f"{step.key} is no sum over the steps"
            yield name_of(w), (self.table.arithmetic.scalar(scale.xreplace(lengths)), body.body)

    @cached_property
    def _bars(self) -> dict[int, list[tuple[Var, Node]]]:
        """By phase: what everything that uses a quantity of step t sends back to it, in the order to compute it."""
        return {
            own.theory.place: [
                (e.target, self.derivation[own.theory.key(f"gradient.{e.target.name}-bar")].rhs)
                for e in own.theory.sweep.named
            ]
            for own in self.segments
        }

    def _sent(self, theory: Theory, step: int, delta: Array) -> Sending:
        """The quantities of one step of a phase, with δ of that step given."""
        env = Sending(self.table)
        for state in theory.phase.states:
            rows = theory.phase.rows_of(state, self.table.sizes)
            env.known[(*theory.delta_of(state).letter, step)] = delta[..., rows, :]
        for target, expression in self._bars[theory.place]:
            self._know(env, target.at(step), expression, {t: step})
        return env

    def _know(self, env: Sending, target: Var, expression: Node, at: Binding | None = None) -> None:
        env.known[place(target, self.table.sizes)] = evaluate(expression, env, {**self.table.sizes, **(at or {})})

    def _has_loss(self, own: Segment, step: int) -> bool:
        wiring, sizes = self.derivation.model.wiring, self.table.sizes
        return value(wiring.first, sizes) <= own.own(step) <= value(wiring.last, sizes)
