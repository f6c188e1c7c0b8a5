"""The forward pass of one phase, a window of steps at a time, in memory that hardly depends on its length.

Only the states at the borders between windows are kept; a window is run again from its border, with the same operations
in the same order, so that even a chaotic network runs through the same numbers twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array, Floating
from derive.errors import InputError
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.indices import t, value
from derive.model import Model
from derive.phase import Phase
from derive.unroll import Place, Table, place, table_of

NUMBERS = 1 << 21
"""How many numbers the Jacobians of one window may have: 16 MB in float64."""
KEPT = 1 << 24
"""How many numbers of windows are kept, so as not to run them again: 128 MB, however long the sequence."""
NOW: Binding = {t: 0}


@dataclass
class Window:
    """Every variable of a phase at steps ``first`` … ``last``: an environment in which an expression about step t has
    the values of all these steps at once, (steps, batch, rows, columns)."""

    sizes: Mapping[sp.Symbol, int]
    first: int
    last: int
    shared: Mapping[Place, Array]
    timed: Mapping[tuple[str, str], Array]
    """From the step before ``first`` for a state, from ``first`` for everything else."""
    arithmetic: Arithmetic = field(default_factory=Floating)
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)

    @property
    def steps(self) -> int:
        return self.last - self.first + 1

    def leaf(self, node: Node, at: Binding) -> Array:
        assert isinstance(node, Var)
        if node.time is None or not node.time.has(t):
            return self.shared[place(node, self.sizes)]
        back = value(node.time, NOW)
        array = self.timed[node.letter]
        start = len(array) - self.steps + back
        return array[start : start + self.steps]


class Trajectory:
    """One phase of a model on a batch of sequences."""

    def __init__(
        self, model: Model, phase: Phase, given: Mapping[Place, Array], sizes: Mapping[sp.Symbol, int]
    ) -> None:
        self.model, self.phase, self.given, self.sizes = model, phase, given, sizes
        self.length = value(phase.length, sizes)
        self.size = value(phase.state.shape[0], sizes)
        self.batch = _batch(model, given)
        self.width = max(1, min(self.length, NUMBERS // (self.batch * self.size**2)))
        self._shared = {where: array for where, array in given.items() if where[2] is None}
        self._borders = [self._start()]
        self._kept: dict[int, Window] = {}
        self._room = KEPT

    @property
    def windows(self) -> int:
        return -(-self.length // self.width)

    def forward(self) -> Iterator[Window]:
        """The windows in the order of time."""
        return (self.window(number) for number in range(self.windows))

    def backward(self) -> Iterator[Window]:
        """The windows from the last to the first."""
        return (self.window(number) for number in reversed(range(self.windows)))

    def window(self, number: int) -> Window:
        """The ``number``-th window; those before it are run first where they never were."""
        while len(self._borders) <= number:
            self._keep(len(self._borders) - 1)
        return self._keep(number)

    def _keep(self, number: int) -> Window:
        """A window, run where it is not among those that are kept."""
        if number in self._kept:
            return self._kept[number]
        found = self._run(number)
        size = sum(array.size for array in found.timed.values())
        if size <= self._room:
            self._kept[number] = found
            self._room -= size
        return found

    def _run(self, number: int) -> Window:
        first = number * self.width + 1
        last = min(first + self.width - 1, self.length)
        table = table_of(self.model, self._shared, self.sizes)
        found = {s.letter: [border] for s, border in zip(self.phase.states, self._borders[number], strict=True)}
        table.values |= {(*letter, first - 1): array for letter, (array,) in found.items()}
        with np.errstate(all="ignore"):  # what overflows is found by looking
            for step in range(first, last + 1):
                self._step(table, step)
        for variable in (*self.phase.inputs, *(e.target for e in self.phase.equations)):
            row = found.setdefault(variable.letter, [])
            row += [table.values[*variable.letter, step] for step in range(first, last + 1)]
        timed = {letter: self._stacked(arrays) for letter, arrays in found.items()}
        self._check(timed, first)
        if len(self._borders) == number + 1:
            self._borders.append([timed[s.letter][-1].copy() for s in self.phase.states])
        return Window(self.sizes, first, last, self._shared, timed)

    def _step(self, table: Table, step: int) -> None:
        now = {t: step}
        for variable in self.phase.inputs:
            where = (*variable.letter, step)
            table.values[where] = self.given[where]
        for equation in self.phase.equations:
            table.values[*equation.target.letter, step] = evaluate(equation.expression, table, now)

    def _check(self, timed: Mapping[tuple[str, str], Array], first: int) -> None:
        """A state that is not finite has no Jacobian: the first step of the window with one is named."""
        wrong = [
            (int(np.argmin(own)), s.name) for s in self.phase.states if not (own := _finite(timed[s.letter])).all()
        ]
        if wrong:
            offset, name = min(wrong, key=lambda found: found[0])
            raise InputError(
                f"the state {name} is not finite at step {first - 1 + offset}: the network itself explodes",
                mend="take smaller weights or fewer steps",
            )

    def _stacked(self, arrays: list[Array]) -> Array:
        """(steps, batch, rows, 1), whatever does not depend on the sequence repeated."""
        return np.stack([np.broadcast_to(array, (self.batch, *array.shape[-2:])) for array in arrays])

    def _start(self) -> list[Array]:
        """The states before the first step: given, or what an earlier phase starts this one with."""
        table = Table(self.sizes, dict(self.given))
        for earlier in self.model.phases[: self.model.phases.index(self.phase)]:
            before = Trajectory(self.model, earlier, self.given, self.sizes)
            for _ in before.forward():
                pass
            final = before._borders[-1]
            table.values |= {place(s.at(before.length)): array for s, array in zip(earlier.states, final, strict=True)}
        for equation in self.phase.starts:
            table.values[place(equation.target)] = evaluate(equation.expression, table, {})
        starts = (table.values[place(state.at(0))] for state in self.phase.states)
        return [np.broadcast_to(start, (self.batch, *start.shape[-2:])) for start in starts]


def _finite(array: Array) -> Array:
    """Whether all numbers of a step are, (steps,)."""
    return np.isfinite(array).all(axis=(1, 2, 3))


def _batch(model: Model, given: Mapping[Place, Array]) -> int:
    """The number of sequences: every input and target of a problem has a batch axis."""
    return max((len(array) for where, array in given.items() if where[2] is not None and np.ndim(array) > 2), default=1)
