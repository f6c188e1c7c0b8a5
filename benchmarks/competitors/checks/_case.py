"""One network to be checked, its true gradient, and how far off differences are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from benchmarks.measuring.agreement import distance
from benchmarks.measuring.case import compiled, derived
from derive.derivation import Derivation
from verify.perturbation import along, directions, perturbed
from verify.problem import Problem, random_problem
from verify.program import Program

Array = np.ndarray
Gradient = Mapping[str, Array]
DIFFERENCE = 1e-6
"""The step of PyTorch's, and about that of the other checkers."""


@dataclass(frozen=True)
class Check:
    """What is timed; ``read`` is None for a checker that only says whether it is content."""

    work: Callable[[], Any]
    read: Callable[[Any], Gradient] | None = None


@dataclass(frozen=True)
class CheckCase:
    """An rnn with softmax outputs and a cross-entropy at every step, one sequence; n inputs and outputs."""

    steps: int
    hidden: int

    @cached_property
    def derivation(self) -> Derivation:
        return derived("rnn")

    @cached_property
    def problem(self) -> Problem:
        sizes = dict.fromkeys(("hidden", "inputs", "outputs"), self.hidden)
        return random_problem(self.derivation.model, steps=self.steps, **sizes)

    @cached_property
    def program(self) -> Program:
        return Program(self.problem)

    @cached_property
    def rows(self) -> tuple[Array, Array]:
        """Inputs and targets, (T, n)."""
        x, y = (
            np.stack([self.problem.given[name, kind, step + 1].reshape(-1) for step in range(self.steps)])
            for name, kind in (("x", "input"), ("y", "target"))
        )
        return x, y

    @cached_property
    def truth(self) -> Gradient:
        """The complex step in long double (80 bits on most machines), entry by entry."""
        found = {}
        point = {name: array.astype(np.longdouble) for name, array in self.program.point.items()}
        for name, array in point.items():
            moved = perturbed(point, name, np.clongdouble(1e-30j))
            rows = np.concatenate([np.imag(self.program(own))[:, 0] for own in moved])
            found[name] = rows.reshape(array.shape) / np.longdouble(1e-30)
        return found

    def reverse_pass(self) -> tuple[float, Gradient]:
        """One reverse pass: what every check is compared with."""
        point = dict(self.program.point)
        start = {"h_0": point.pop("h_0")}
        x, y = self.rows
        return compiled("rnn").loss_and_gradient(point, start, x[:, None], y[:, None])

    def along_error(self, step: float = DIFFERENCE) -> float:
        """Of a central difference along Gaussian directions, relative to the largest derivative along one."""
        worst = 0.0
        for name, units in directions(self.program.point, 8, 1).items():
            lines = units * np.sqrt(units[0].size)
            both = np.array([step, -step])[:, None, None, None] / 2 * lines
            up, down = self.program({**self.program.point, name: self.program.point[name] + both})[..., 0]
            right = along(self.truth[name], lines)
            worst = max(worst, float(np.max(np.abs((up - down) / step - right)) / np.max(np.abs(right))))
        return worst

    def differences(self, step: float = DIFFERENCE) -> Gradient:
        """Central differences of NumPy, entry by entry, many entries in one pass."""
        found, point = {}, self.program.point
        for name, array in point.items():
            pairs = zip(perturbed(point, name, step), perturbed(point, name, -step), strict=True)
            rows = [(self.program(up) - self.program(down))[:, 0] / (2 * step) for up, down in pairs]
            found[name] = np.concatenate(rows).reshape(array.shape)
        return found

    def entries_error(self) -> float:
        return distance(self.differences(), self.truth)
