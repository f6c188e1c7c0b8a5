"""The network with numbers, at which all gradients are compared; and its loss in scalars, for those who need it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray
SHARED = ("W_h", "W_i", "W_o", "b", "b_o", "h_0")


@dataclass(frozen=True)
class Arrays:
    """Matrices (n, n), vectors (n,), and ``x`` and ``y`` (T, n)."""

    shared: dict[str, Array]
    x: Array
    y: Array

    def numbers(self) -> Iterator[float]:
        """All of them, in the order in which ``Scalars`` names them."""
        for name in SHARED:
            yield from self.shared[name].ravel()
        yield from self.x.ravel()
        yield from self.y.ravel()


def drawn(n: int, steps: int, seed: int = 0) -> Arrays:
    rng = np.random.default_rng(seed)
    shapes = {name: (n, n) if name.startswith("W") else (n,) for name in SHARED}
    shared = {name: 0.5 * rng.normal(size=shape) for name, shape in shapes.items()}
    return Arrays(shared, rng.normal(size=(steps, n)), rng.normal(size=(steps, n)))


@dataclass(frozen=True)
class Scalars:
    """Every number a symbol of its own."""

    W_h: list[list[Any]]
    symbols: list[Any]
    loss: Any


def unrolled(n: int, steps: int, symbol: Callable[[str], Any], tanh: Callable[[Any], Any], half: Any) -> Scalars:
    def vector(name: str) -> list[Any]:
        return [symbol(f"{name}_{i}") for i in range(n)]

    matrices = {name: [vector(f"{name}_{i}") for i in range(n)] for name in SHARED[:3]}
    b, b_o, h = (vector(name) for name in SHARED[3:])
    start = h
    x, y = ([vector(f"{name}_{t}") for t in range(steps)] for name in "xy")
    loss = 0
    for t in range(steps):
        h = [tanh(_row(matrices["W_h"][i], h) + _row(matrices["W_i"][i], x[t]) + b[i]) for i in range(n)]
        for i in range(n):
            loss = loss + half * (_row(matrices["W_o"][i], h) + b_o[i] - y[t][i]) ** 2
    rows = [*(row for matrix in matrices.values() for row in matrix), b, b_o, start, *x, *y]
    return Scalars(matrices["W_h"], [own for row in rows for own in row], loss / steps)


def _row(weights: list[Any], values: list[Any]) -> Any:
    return sum(w * v for w, v in zip(weights[1:], values[1:], strict=True)) + weights[0] * values[0]
