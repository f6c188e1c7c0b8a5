"""Arrays of dual numbers a + ε ȧ, with the derivatives ȧ in many directions at once, and arithmetic in them.

ε² = 0 is all there is to it: (a + ε ȧ)(b + ε ḃ) = ab + ε (ȧb + aḃ), and a quotient is what gives the numerator when
multiplied by the denominator.  For a function f(a + ε ȧ) = f(a) + ε f′(a) ȧ needs f′, and takes it from a complex step
of f itself, entry by entry: f′(a) = Im f(a + ih)/h up to O(h²), with h thirty orders below a (Squire & Trapp 1998).
Softmax and log-sum-exp are computed as they are in floating point, operation by operation.  So no differentiation rule
of ``derive`` is used, nor its f′.

The arrays follow NumPy's protocols (``__array_function__``), so the model's own forward equations run on them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from derive.arithmetic import Array, Floating
from derive.functions import Elementwise, exp, log
from verify.tangents import Shape, Tangent, placed

_STEP = 1e-30
_LEAST = 1e-300


def slope(function: Elementwise, x: Array) -> Array:
    """f′ of every entry, by a complex step far below the entry's own size."""
    size = np.abs(x)
    step = np.maximum(_STEP * np.where(size > 0, np.minimum(size, 1.0), 1.0), _LEAST)
    return np.imag(function.numeric(np)(x + 1j * step)) / step


class Dual:
    """An array of shape (…, r, c) with its tangent."""

    __array_ufunc__ = None  # NumPy's own arrays leave the operators to us

    def __init__(self, value: Array, tangent: Tangent) -> None:
        self.value, self.tangent = value, tangent

    @property
    def shape(self) -> Shape:
        return tuple(self.value.shape)

    @property
    def directions(self) -> Array:
        """The tangent as one array (*shape, K)."""
        return self.tangent.array(self.shape)

    def __add__(self, other: Any) -> Dual:
        value = self.value + value_of(other)
        tangent = self.tangent.over(self.shape, value.shape)
        if isinstance(other, Dual):
            tangent = tangent.plus(other.tangent.over(other.shape, value.shape), value.shape)
        return Dual(value, tangent)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return self * -1.0

    def __sub__(self, other: Any) -> Dual:
        return self + -other

    def __rsub__(self, other: Any) -> Dual:
        return -self + other

    def __mul__(self, other: Any) -> Dual:
        value = self.value * value_of(other)
        tangent = self._part(other, value.shape)
        if isinstance(other, Dual):
            tangent = tangent.plus(other._part(self, value.shape), value.shape)
        return Dual(value, tangent)

    __rmul__ = __mul__

    def _part(self, other: Any, shape: Shape) -> Tangent:
        """ȧ b of a product."""
        by = np.broadcast_to(value_of(other), np.broadcast_shapes(np.shape(value_of(other)), shape[-2:]))
        return self.tangent.over(self.shape, shape).scaled(by)

    def __truediv__(self, other: Any) -> Dual:
        """q = a/b has q b = a, so q̇ = ȧ (1/b) − ḃ (q/b)."""
        below = value_of(other)
        value, above = self.value / below, self * (1.0 / below)
        total = above + other * (-value / below) if isinstance(other, Dual) else above
        return Dual(value, total.tangent)

    def __rtruediv__(self, other: Any) -> Dual:
        quotient = other / self.value
        return Dual(quotient, (self * (-quotient / self.value)).tangent)

    def __matmul__(self, other: Any) -> Dual:
        """(AB)˙ = Ȧ B + A Ḃ."""
        value = self.value @ value_of(other)
        tangent = self.tangent.before(value_of(other), self.shape)
        if isinstance(other, Dual):
            tangent = tangent.plus(other.tangent.after(self.value, other.shape), value.shape)
        return Dual(value, tangent)

    def __rmatmul__(self, other: Array) -> Dual:
        return Dual(other @ self.value, self.tangent.after(other, self.shape))

    def __getitem__(self, key: Any) -> Dual:
        """The key has an ellipsis, so that what is behind the last axis stays whole."""
        return Dual(self.value[key], Tangent(self.directions[(*key, slice(None))]))

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        own = _FUNCTIONS.get(function)
        return NotImplemented if own is None else own(*args, **kwargs)


def value_of(x: Any) -> Array:
    return x.value if isinstance(x, Dual) else x


def seeded(value: Array, directions: Array) -> Array:
    """A matrix each entry of which moves in the direction with the given number, or stays, with −1."""
    piece = placed(directions)
    return value if piece is None else Dual(value, Tangent(None, (piece,)))


@dataclass(frozen=True)
class Seeds:
    """Arrays with the number of each entry's direction: what is taken out of them becomes a dual number then."""

    value: Array
    directions: Array

    @property
    def shape(self) -> Shape:
        return tuple(self.value.shape)

    def __getitem__(self, key: Any) -> Array:
        """A single matrix, perhaps with axes of length one in front."""
        directions = self.directions[key]
        return seeded(self.value[key], directions.reshape(directions.shape[-2:]))


def _aligned(duals: Sequence[Any]) -> list[Array]:
    """The tangents of several arrays, all of the same length."""
    length = max(dual.tangent.length for dual in duals if isinstance(dual, Dual))
    found = []
    for dual in duals:
        own = dual.directions if isinstance(dual, Dual) else np.zeros((*np.shape(dual), 0))
        found.append(np.concatenate([own, np.zeros((*own.shape[:-1], length - own.shape[-1]))], axis=-1))
    return found


def _joined(join: Callable[..., Array]) -> Callable[..., Dual]:
    """For concatenate and stack, along an axis counted from the end."""

    def apply(arrays: Sequence[Any], axis: int) -> Dual:
        assert axis < 0
        return Dual(join([value_of(x) for x in arrays], axis=axis), Tangent(join(_aligned(arrays), axis=axis - 1)))

    return apply


def _reduced(reduce: Callable[..., Array]) -> Callable[..., Dual]:
    """For sums and means over an axis counted from the end."""

    def apply(x: Dual, axis: int, keepdims: bool = False) -> Dual:
        assert axis < 0
        tangent = reduce(x.directions, axis=axis - 1, keepdims=keepdims)
        return Dual(reduce(x.value, axis=axis, keepdims=keepdims), Tangent(tangent))

    return apply


def _swapped(x: Dual, one: int, other: int) -> Dual:
    assert {one, other} == {-1, -2}
    return Dual(np.swapaxes(x.value, -1, -2), x.tangent.transposed())


def _broadcast(x: Dual, shape: Shape) -> Dual:
    dense = x.directions
    return Dual(np.broadcast_to(x.value, shape), Tangent(np.broadcast_to(dense, (*shape, dense.shape[-1]))))


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.concatenate: _joined(np.concatenate),
    np.stack: _joined(np.stack),
    np.sum: _reduced(np.sum),
    np.mean: _reduced(np.mean),
    np.swapaxes: _swapped,
    np.broadcast_to: _broadcast,
}


class Duals(Floating):
    """Floating point that goes on with dual numbers where it meets one."""

    def map(self, function: Elementwise, x: Array) -> Array:
        if not isinstance(x, Dual):
            return super().map(function, x)
        rate = np.broadcast_to(slope(function, x.value), x.shape)
        return Dual(super().map(function, x.value), Tangent(x.tangent.array(x.shape, by=rate)))

    def softmax(self, x: Array) -> Array:
        if not isinstance(x, Dual):
            return super().softmax(x)
        weights = self.map(exp, x - self._shift(x.value))
        return weights / np.sum(weights, axis=-2, keepdims=True)

    def log_sum_exp(self, x: Array) -> Array:
        if not isinstance(x, Dual):
            return super().log_sum_exp(x)
        shift = self._shift(x.value)
        return self.map(log, np.sum(self.map(exp, x - shift), axis=-2, keepdims=True)) + shift
