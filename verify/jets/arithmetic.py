"""``derive.arithmetic.Arithmetic`` over any elements: what a derivation, and a forward pass, are evaluated in.

A sum over a dimension is written as a product with ones, so that ``verify.jets.degrees`` can count its terms.
"""

from __future__ import annotations

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.functions import Elementwise, exp, log, reciprocal
from verify.jets.field import Element
from verify.jets.free import Free

_ZERO, _ONE = sp.Integer(0), sp.Integer(1)


class Plain:
    """Arrays of elements; a function has the value that ``free`` gives it."""

    def __init__(self, free: Free) -> None:
        self.free, self.field = free, free.field
        self._constants: dict[tuple[sp.Expr, int, int], Array] = {}

    def scalar(self, value: sp.Expr) -> Element:
        return self.field.number(value)

    def apply(self, function: Elementwise, entry: Element) -> Element:
        return self.free.value(function, entry)

    def filled(self, value: sp.Expr, rows: int, cols: int) -> Array:
        key = value, rows, cols
        if key not in self._constants:
            self._constants[key] = array = np.empty((rows, cols), dtype=object)
            array[...] = self.scalar(value)
            array.setflags(write=False)
        return self._constants[key]

    def identity(self, size: int) -> Array:
        array = self.filled(_ZERO, size, size).copy()
        np.fill_diagonal(array, self.scalar(_ONE))
        return array

    def transpose(self, x: Array) -> Array:
        return np.swapaxes(x, -1, -2)

    def map(self, function: Elementwise, x: Array) -> Array:
        return np.frompyfunc(lambda entry: self.apply(function, entry), 1, 1)(x)

    def column_sum(self, x: Array) -> Array:
        return self.filled(_ONE, 1, x.shape[-2]) @ x

    def softmax(self, x: Array) -> Array:
        weights = self.map(exp, x)
        return weights * self.map(reciprocal, self.column_sum(weights))

    def log_sum_exp(self, x: Array) -> Array:
        return self.map(log, self.column_sum(self.map(exp, x)))
