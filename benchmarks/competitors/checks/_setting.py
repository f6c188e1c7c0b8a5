"""The network whose gradient is checked, and the truth about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from benchmarks.measuring.agreement import distance
from derive.assemble import derivation
from derive.derivation import Derivation
from derive.model import build
from derive.unroll import place
from verify.perturbation import along, directions, perturbed
from verify.problem import Problem, random_problem
from verify.program import Program

Array = np.ndarray
Named = Mapping[str, Array]
EVERY, ONE = "every entry", "1 direction"
_TINY = 1e-30
"""The step of the truth's complex step: what it leaves out is of the size of its square."""


@dataclass(frozen=True)
class Check:
    """``error`` says how far what it compares a gradient with is from the truth (``Setting.error``).

    ``claimed`` are loss and gradient of a network of its own, where it has one: they have to be those of all others.
    """

    work: Callable[[], object]
    error: Callable[[], float]
    claimed: Callable[[], tuple[float | None, Named]] | None = None


@dataclass(frozen=True)
class Setting:
    """A tanh network with softmax cross-entropy at every step, one sequence; as many inputs and outputs as units."""

    problem: Problem
    derivation: Derivation

    @cached_property
    def program(self) -> Program:
        return Program(self.problem)

    @property
    def point(self) -> dict[str, Array]:
        """Parameters and the initial state."""
        return self.program.point

    @property
    def count(self) -> int:
        """How many numbers the loss is differentiated by."""
        return sum(array.size for array in self.point.values())

    @cached_property
    def x(self) -> Array:
        """(T, n)"""
        return self._rows("x", "input")

    @cached_property
    def y(self) -> Array:
        """(T, n)"""
        return self._rows("y", "target")

    def _rows(self, name: str, kind: str) -> Array:
        return np.stack([self.problem.given[name, kind, t][0, :, 0] for t in range(1, self.problem.steps + 1)])

    @cached_property
    def loss(self) -> float:
        return float(self.problem.forward.values[place(self.problem.model.total)][0, 0, 0])

    @cached_property
    def truth(self) -> dict[str, Array]:
        """A complex step, entry by entry, in long double (80 bits on most machines)."""
        point = {name: array.astype(np.longdouble) for name, array in self.point.items()}
        step = np.clongdouble(_TINY * 1j)
        found = {}
        for name, array in point.items():
            rows = [np.imag(self.program(moved))[:, 0] for moved in perturbed(point, name, step)]
            found[name] = np.concatenate(rows).reshape(array.shape) / np.longdouble(_TINY)
        return found

    def error(self, found: Named) -> float:
        """Of the worst entry, relative to the largest entry of the gradient by the same array; of the worst array."""
        return distance(found, {name: self.truth[name] for name in found})

    def error_along(self, step: float) -> float:
        """Of (f(x + hv) − f(x − hv))/2h along Gaussian directions v, array by array, relative to the largest of them.

        What checks along one direction compare with.
        """
        found, right = {}, {}
        for name, units in directions(self.point, 8, 1).items():
            lines = units * np.sqrt(units[0].size)
            both = np.array([step, -step])[:, None, None, None] * lines
            up, down = self.program({**self.point, name: self.point[name] + both})[..., 0]
            found[name], right[name] = (up - down) / (2 * step), along(self.truth[name], lines)
        return distance(found, right)

    def differences(self, step: float) -> dict[str, Array]:
        """Central differences, entry by entry."""
        found = {}
        for name, array in self.point.items():
            pairs = zip(perturbed(self.point, name, step), perturbed(self.point, name, -step), strict=True)
            rows = [(self.program(up) - self.program(down))[:, 0] / (2 * step) for up, down in pairs]
            found[name] = np.concatenate(rows).reshape(array.shape)
        return found


def drawn(steps: int, hidden: int) -> Setting:
    model = build("rnn", loss="softmax_cross_entropy")
    problem = random_problem(model, steps=steps, hidden=hidden, inputs=hidden, outputs=hidden)
    return Setting(problem, derivation(model))
