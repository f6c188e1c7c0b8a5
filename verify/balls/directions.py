"""In which directions a gradient is compared: along every entry, or along one random direction for all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array

_UNIT = 64
"""Random components are odd multiples of 1/64: exact, never zero, and all within (−1, 1)."""


@dataclass(frozen=True)
class Directions:
    """``array`` is (directions, rows, columns)."""

    array: Array
    entries: bool

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
    odd = 2 * np.random.default_rng(seed).integers(-_UNIT // 2, _UNIT // 2, size=(1, *shape)) + 1
    return Directions(odd / _UNIT, False)
