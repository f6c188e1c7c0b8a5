"""A network run on numbers, and the derivative of anything in it by anything: complex steps, and no rule of calculus.

Independent of the project on purpose: what the corpus says of a formula must not rest on the code that it tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Where = tuple[str, int | None]
"""A quantity and its step; a parameter at a step is its copy in that step alone, at None the one that all share."""

TINY = 1e-30
"""A complex step: nothing is subtracted, so the derivative is exact to rounding."""


class Pass:
    """One forward pass, with ``nudges`` added to what is set or read."""

    def __init__(self, given: Mapping[str, Array], nudges: Mapping[Where, Array]) -> None:
        self.given, self.nudges, self.values = given, nudges, dict[Where, Array]()

    def put(self, name: str, step: int | None, value: Array) -> Array:
        """Sets a quantity, a matrix (rows, columns)."""
        value = value + self.nudges.get((name, step), 0)
        self.values[name, step] = value
        return value

    def weight(self, name: str, step: int) -> Array:
        """A parameter, as step ``step`` reads it."""
        value = self.given[name] + self.nudges.get((name, None), 0) + self.nudges.get((name, step), 0)
        return np.asarray(value)

    def __getitem__(self, where: Where) -> Array:
        return self.values[where]


Forward = Callable[[Pass], None]


class Simulation:
    """``forward`` run at the point ``given``.  Vectors are columns, Jacobians have their outputs as rows."""

    def __init__(self, forward: Forward, given: Mapping[str, Array], steps: int) -> None:
        self.forward, self.given, self.T = forward, given, steps
        self.base = self.run({})
        self.J = cache(self._jacobian)

    def run(self, nudges: Mapping[Where, Array]) -> Pass:
        """A forward pass, moved."""
        found = Pass(self.given, nudges)
        self.forward(found)
        return found

    def __call__(self, name: str, step: int | None = None) -> Array:
        """The value of a quantity."""
        return self.base[name, step] if (name, step) in self.base.values else self.given[name]

    def _jacobian(self, of: str, at: int | None, by: str, step: int | None = None) -> Array:
        """d of_at / d by_step, (entries of ``of``, entries of ``by``), both counted column by column."""
        around = self(by, step)
        columns = []
        for number in range(around.size):
            nudge = np.zeros(around.size, dtype=complex)
            nudge[number] = 1j * TINY
            moved = self.run({(by, step): nudge.reshape(around.shape, order="F")})
            columns.append(moved[of, at].imag.flatten(order="F") / TINY)
        return np.array(columns).T

    def G(self, by: str, step: int | None = None) -> Array:  # noqa: N802
        """dL/d by in the shape of ``by``."""
        return self.J("L", None, by, step).reshape(self(by, step).shape, order="F")

    def B(self, step: int, by: str) -> Array:  # noqa: N802
        """What step ``step`` adds to h of its own: the derivative by its own copy of a parameter."""
        return self.J("h", step, by, step)

    def C(self, step: int) -> Array:  # noqa: N802
        """dh_t/dh_{t-1}."""
        return self.J("h", step, "h", step - 1)

    def P(self, last: int, first: int) -> Array:  # noqa: N802
        """C_last … C_{first+1}, the later factor on the left; the identity where there is none."""
        found = np.eye(len(self("h", 0)), dtype=complex)
        for step in range(first + 1, last + 1):
            found = self.C(step) @ found
        return found


def diag(vector: Array) -> Array:
    return np.diagflat(vector)


def derivative(function: Callable[[Array], Array], around: Array) -> Array:
    """The Jacobian of any function at a point, both counted column by column."""
    columns = []
    for number in range(around.size):
        nudge = np.zeros(around.size, dtype=complex)
        nudge[number] = 1j * TINY
        moved = function(around + nudge.reshape(around.shape, order="F"))
        columns.append(moved.imag.flatten(order="F") / TINY)
    return np.array(columns).T
