"""What an expression is evaluated in: floating point of any NumPy-like namespace, or SymPy scalars."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import sympy as sp

from derive.functions import Elementwise

Array = Any
"""An array of shape (…, rows, columns); leading axes are a batch, and broadcast."""


class Arithmetic(Protocol):
    """The operations that depend on the kind of number."""

    def filled(self, value: sp.Expr, rows: int, cols: int) -> Array: ...
    def identity(self, size: int) -> Array: ...
    def scalar(self, value: sp.Expr) -> Any: ...
    def map(self, function: Elementwise, x: Array) -> Array: ...
    def softmax(self, x: Array) -> Array: ...
    def log_sum_exp(self, x: Array) -> Array: ...


class Floating:
    """Floating point in the namespace ``xp``: numpy, or autograd.numpy where a tool wants to watch."""

    def __init__(self, xp: Any = np) -> None:
        self.xp = xp

    def filled(self, value: sp.Expr, rows: int, cols: int) -> Array:
        return np.full((rows, cols), float(value))

    def identity(self, size: int) -> Array:
        return np.eye(size)

    def scalar(self, value: sp.Expr) -> float:
        return float(value)

    def map(self, function: Elementwise, x: Array) -> Array:
        return function.numeric(self.xp)(x)

    def _shift(self, x: Array) -> Array:
        """The largest real part of each column: subtracting it keeps exp from overflowing and cancels exactly."""
        return self.xp.max(self.xp.real(x), axis=-2, keepdims=True)

    def softmax(self, x: Array) -> Array:
        weights = self.xp.exp(x - self._shift(x))
        return weights / self.xp.sum(weights, axis=-2, keepdims=True)

    def log_sum_exp(self, x: Array) -> Array:
        shift = self._shift(x)
        return shift + self.xp.log(self.xp.sum(self.xp.exp(x - shift), axis=-2, keepdims=True))


class Symbolic:
    """SymPy scalars in object arrays: every entry is an expression."""

    def filled(self, value: sp.Expr, rows: int, cols: int) -> Array:
        return np.full((rows, cols), value, dtype=object)

    def identity(self, size: int) -> Array:
        return np.array(sp.eye(size).tolist(), dtype=object).reshape(size, size)

    def scalar(self, value: sp.Expr) -> sp.Expr:
        return value

    def map(self, function: Elementwise, x: Array) -> Array:
        return np.vectorize(function.symbolic, otypes=[object])(x)

    def softmax(self, x: Array) -> Array:
        weights = np.vectorize(sp.exp, otypes=[object])(x)
        return weights / weights.sum(axis=-2, keepdims=True)

    def log_sum_exp(self, x: Array) -> Array:
        weights = np.vectorize(sp.exp, otypes=[object])(x)
        return np.vectorize(sp.log, otypes=[object])(weights.sum(axis=-2, keepdims=True))
