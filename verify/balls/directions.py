"""In which directions a gradient is compared: along every entry, or along one random direction for all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array

_STEPS = 2**32
"""Random components are odd multiples of 2⁻³²: exact floats, never zero, all within (−1, 1), 2³² of them."""


@dataclass(frozen=True)
class Directions:
    """``array`` is (directions, rows, columns)."""

    array: Array
    entries: bool

    @property
    def failure(self) -> float | None:
        """How likely a random direction is to miss an error: whatever the other components are, one in 2³².

        Said of an error of more than 1e-20 of the block in any entry: it moves ⟨gradient, v⟩ by more than the radius
        between any two values of that component.
        """
        return None if self.entries else 1 / _STEPS

    def of(self, gradient: Array) -> Array:
        """⟨gradient, v⟩ for every direction."""
        if self.entries:
            return gradient.ravel()
        products = self.array.astype(object).reshape(len(self.array), -1) * gradient.ravel()
        total: Array = products.sum(axis=-1)
        return total

    def named(self, number: int) -> str:
        """Where a difference was found."""
        if not self.entries:
            return "a random direction over all entries"
        row, col = divmod(number, self.array.shape[2])
        return f"entry ({row + 1}, {col + 1})"


def entries(shape: tuple[int, ...]) -> Directions:
    """Every entry, by rows."""
    rows, cols = shape
    return Directions(np.eye(rows * cols).reshape(rows * cols, rows, cols), True)


def random_direction(shape: tuple[int, ...], seed: int = 0) -> Directions:
    """One direction that no entry is orthogonal to."""
    odd = 2 * np.random.default_rng(seed).integers(-_STEPS // 2, _STEPS // 2, size=(1, *shape)) + 1
    return Directions(odd / _STEPS, False)
