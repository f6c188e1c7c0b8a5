"""What an expression is evaluated in: floating point of any NumPy-like namespace, or SymPy scalars."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import sympy as sp

from derive.functions import Elementwise, Z

Array = Any
"""An array of shape (…, rows, columns); leading axes are a batch, and broadcast."""


class Arithmetic(Protocol):
    """The operations that depend on the kind of number."""

    def filled(self, value: sp.Expr, rows: int, cols: int) -> Array: ...
    def identity(self, size: int) -> Array: ...
    def scalar(self, value: sp.Expr) -> Any: ...
    def transpose(self, x: Array) -> Array: ...
    def map(self, function: Elementwise, x: Array) -> Array: ...
    def softmax(self, x: Array) -> Array: ...
    def log_sum_exp(self, x: Array) -> Array: ...


class Floating:
    """Floating point in the namespace ``xp``: numpy, or autograd.numpy where a tool wants to watch."""

    def __init__(self, xp: Any = np) -> None:
        self.xp = xp

    def filled(self, value: sp.Expr, rows: int, cols: int) -> Array:
        return _filled(self.scalar(value), rows, cols)

    def identity(self, size: int) -> Array:
        return _identity(size)

    def scalar(self, value: sp.Expr) -> float:
        return _float(value)

    def transpose(self, x: Array) -> Array:
        return self.xp.swapaxes(x, -1, -2)

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


@lru_cache(maxsize=1024)
def _float(value: sp.Expr) -> float:
    return float(value)


@lru_cache(maxsize=1024)
def _filled(value: float, rows: int, cols: int) -> Array:
    return _fixed(np.full((rows, cols), value))


@lru_cache(maxsize=256)
def _identity(size: int) -> Array:
    return _fixed(np.eye(size))


def _fixed(array: Array) -> Array:
    """An array that is handed out many times, and must not be changed."""
    array.setflags(write=False)
    return array


class Symbolic:
    """SymPy scalars in object arrays: every entry is an expression.

    A function with branches (ReLU) is taken region by region: each condition on each argument becomes a symbol that
    is one or zero, the same one for f and for f′.  That is exact wherever no argument sits on a kink.
    """

    def __init__(self) -> None:
        self.regions: dict[tuple[sp.Basic, sp.Expr], sp.Symbol] = {}

    def filled(self, value: sp.Expr, rows: int, cols: int) -> Array:
        return np.full((rows, cols), value, dtype=object)

    def identity(self, size: int) -> Array:
        return np.array(sp.eye(size).tolist(), dtype=object).reshape(size, size)

    def scalar(self, value: sp.Expr) -> sp.Expr:
        return value

    def transpose(self, x: Array) -> Array:
        return np.swapaxes(x, -1, -2)

    def map(self, function: Elementwise, x: Array) -> Array:
        return np.vectorize(lambda entry: self._entry(function.stable, entry), otypes=[object])(x)

    def _entry(self, formula: sp.Expr, entry: sp.Expr) -> sp.Expr:
        """f of one entry; log(exp(s)/S) is opened to s − log S, which keeps what follows small."""
        branches = {piece: self._regional(piece, entry) for piece in formula.atoms(sp.Piecewise)}
        return sp.expand_log(formula.xreplace(branches).xreplace({Z: entry}))

    def _regional(self, piece: sp.Piecewise, entry: sp.Expr) -> sp.Expr:
        total, rest = sp.Integer(0), sp.Integer(1)
        for branch, condition in piece.args:
            inside = rest
            if condition is not sp.true:
                symbol = sp.Symbol(f"region{len(self.regions)}", real=True)
                inside = rest * self.regions.setdefault((condition, entry), symbol)
            rest = rest - inside
            total += branch * inside
        return total

    def softmax(self, x: Array) -> Array:
        weights = np.vectorize(sp.exp, otypes=[object])(x)
        return weights / weights.sum(axis=-2, keepdims=True)

    def log_sum_exp(self, x: Array) -> Array:
        weights = np.vectorize(sp.exp, otypes=[object])(x)
        return np.vectorize(sp.log, otypes=[object])(weights.sum(axis=-2, keepdims=True))
