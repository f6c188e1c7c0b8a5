"""The arithmetic of balls, and of power series with balls for coefficients, over NumPy object arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import sympy as sp
from flint import arb, arb_series

from derive.arithmetic import Array
from derive.functions import Elementwise, exp, log
from verify.balls.scalars import REAL, Ball, Kind, Scalar, UndecidableError, compiled, jets, number


class Balls:
    """Enclosures at the precision that is set when the arithmetic is made; another precision needs another one.

    No shift keeps exp from overflowing, since the exponents of balls are whole numbers of any size.
    """

    def __init__(self, kind: Kind = REAL) -> None:
        self.kind = kind
        self._functions: dict[Elementwise, Callable[[Array], Array]] = {}
        self._numbers: dict[sp.Expr, Ball] = {}

    def filled(self, value: sp.Expr, rows: int, cols: int) -> Array:
        return np.full((rows, cols), self.scalar(value), dtype=object)

    def identity(self, size: int) -> Array:
        array = self.filled(sp.Integer(0), size, size)
        np.fill_diagonal(array, self.scalar(sp.Integer(1)))
        return array

    def scalar(self, value: sp.Expr) -> Ball:
        if value not in self._numbers:
            self._numbers[value] = self.kind.lift(number(value))
        return self._numbers[value]

    def transpose(self, x: Array) -> Array:
        return np.swapaxes(x, -1, -2)

    def map(self, function: Elementwise, x: Array) -> Array:
        """f of every entry.  Raises UndecidableError, with the name of f, where an entry reaches a corner."""
        if function not in self._functions:
            self._functions[function] = _entrywise(compiled(function.expr, self.kind))
        try:
            return self._functions[function](x)
        except UndecidableError as error:
            error.function = function.name
            raise

    def softmax(self, x: Array) -> Array:
        """exp(x)/Σ exp(x); of a single number exactly 1, which a quotient of two balls would not be."""
        if x.shape[-2] == 1:
            return np.full(x.shape, self.scalar(sp.Integer(1)), dtype=object)
        weights = self.map(exp, x)
        return weights * _entrywise(self.kind.inverse)(np.sum(weights, axis=-2, keepdims=True))

    def log_sum_exp(self, x: Array) -> Array:
        return self.map(log, np.sum(self.map(exp, x), axis=-2, keepdims=True))

    def exact(self, array: Array) -> Array:
        """Floats as they are: balls of radius zero."""
        return _entrywise(lambda entry: self.kind.lift(arb(entry)))(np.asarray(array, dtype=float).astype(object))


class Jets(Balls):
    """a + bε modulo ε², by FLINT's power series: run on w + εv, an equation gives its value and its derivative along v.

    The rules of differentiation are then those of FLINT's polynomials; none of ours is asked.
    """

    def __init__(self) -> None:
        super().__init__(jets())

    def along(self, array: Array, directions: Array) -> Array:
        """w + εv for every direction v: arrays of shape (directions, rows, columns)."""
        moved = np.broadcast_to(self.exact(array), directions.shape).copy()
        for where in zip(*np.nonzero(directions), strict=True):
            moved[where] = arb_series([moved[where][0], arb(float(directions[where]))])
        return moved


def slopes(values: Array) -> Array:
    """The coefficients of ε."""
    return _entrywise(lambda series: arb(series[1]))(values)


def _entrywise(function: Scalar) -> Callable[[Array], Array]:
    return np.frompyfunc(function, 1, 1)
