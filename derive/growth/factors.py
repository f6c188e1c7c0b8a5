"""The factors c_t of the product chain as arrays, from the derived Jacobian, with diagonal matrices kept as columns.

A product such as diag(φ′(z_t)) W_h stays a list of *links*: multiplying by it costs one matrix product, and what each
link does to a direction can be told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import singledispatch
from itertools import repeat
from typing import Any

import numpy as np

from derive import expr as ex
from derive.arithmetic import Array
from derive.evaluate import evaluate, join
from derive.growth.trajectory import NOW, Window


@dataclass(frozen=True)
class Diagonal:
    """diag(v), by the columns v: (…, n, 1)."""

    column: Array

    def dense(self) -> Array:
        return self.column * np.eye(self.column.shape[-2])


Value = Diagonal | Any
"""A diagonal matrix, or an array (…, rows, columns)."""


@dataclass(frozen=True)
class Factors:
    """c_first … c_last of every sequence: each the product of the links, the first of them on the left.

    A link's arrays are (steps, batch, rows, columns), or (rows, columns) where they are the same at every step.
    """

    first: int
    steps: int
    links: tuple[Value, ...]

    def of(self, sequence: int) -> Factors:
        """Those of one sequence: arrays (steps, rows, columns), or (rows, columns)."""
        return Factors(self.first, self.steps, tuple(_picked(link, sequence) for link in self.links))

    def __getitem__(self, offset: int) -> tuple[Value, ...]:
        """The links of one step of one sequence: columns (n, 1) in a ``Diagonal``, or matrices (n, n)."""
        return tuple(_at(link, offset) for link in self.links)

    def walk(self, *, backward: bool = False) -> Iterator[tuple[Value, ...]]:
        """The links of every step of one sequence, in the order of time or against it."""
        order = slice(None, None, -1 if backward else 1)
        return zip(*(_each(link, self.steps, order) for link in self.links), strict=True)

    def dense(self) -> Array:
        """The factors multiplied out, (steps, …, n, n)."""
        whole = product(self.links)
        return np.broadcast_to(whole, (self.steps, *whole.shape)) if whole.ndim == 2 else whole


def factors(jacobian: ex.Node, window: Window) -> Factors:
    """The value of the derived c_t at all steps of a window; links that are not square are multiplied out."""
    links = jacobian.args if isinstance(jacobian, ex.MatMul) else (jacobian,)
    if any(link.shape != jacobian.shape for link in links):
        links = (jacobian,)
    return Factors(window.first, window.steps, tuple(matrix_value(link, window) for link in links))


def product(links: Sequence[Value]) -> Array:
    """The links multiplied out, as an array."""
    found = links[0]
    for link in links[1:]:
        found = times(found, link)
    return as_array(found)


def times(left: Value, right: Value) -> Value:
    """A product; with a diagonal matrix it scales rows or columns."""
    if isinstance(left, Diagonal):
        return Diagonal(left.column * right.column) if isinstance(right, Diagonal) else left.column * right
    return left * np.swapaxes(right.column, -1, -2) if isinstance(right, Diagonal) else left @ right


def as_array(found: Value) -> Array:
    return found.dense() if isinstance(found, Diagonal) else found


def _picked(link: Value, sequence: int) -> Value:
    if isinstance(link, Diagonal):
        return Diagonal(_picked(link.column, sequence))
    return link[:, sequence] if link.ndim == 4 else link


def _at(link: Value, offset: int) -> Value:
    if isinstance(link, Diagonal):
        return Diagonal(link.column[offset]) if link.column.ndim == 3 else link
    return link[offset] if link.ndim == 3 else link


def _each(link: Value, steps: int, order: slice) -> Iterable[Value]:
    if isinstance(link, Diagonal):
        return [Diagonal(column) for column in link.column[order]] if link.column.ndim == 3 else repeat(link, steps)
    return link[order] if link.ndim == 3 else repeat(link, steps)


@singledispatch
def matrix_value(node: ex.Node, window: Window) -> Value:
    """The value of a matrix expression about step t at every step of the window."""
    return evaluate(node, window, NOW)


@matrix_value.register
def _(node: ex.Diag, window: Window) -> Value:
    return Diagonal(evaluate(node.args[0], window, NOW))


@matrix_value.register
def _(node: ex.Identity, window: Window) -> Value:
    return Diagonal(np.diagonal(evaluate(node, window, NOW))[:, None])


@matrix_value.register
def _(node: ex.MatMul, window: Window) -> Value:
    first, *rest = (matrix_value(factor, window) for factor in node.args)
    for factor in rest:
        first = times(first, factor)
    return first


@matrix_value.register
def _(node: ex.Scale, window: Window) -> Value:
    body, number = matrix_value(node.args[1], window), evaluate(ex.Scale(node.args[0], ex.ones(1)), window, NOW)
    return Diagonal(number * body.column) if isinstance(body, Diagonal) else number * body


@matrix_value.register
def _(node: ex.Add, window: Window) -> Value:
    terms = [matrix_value(term, window) for term in node.args]
    if all(isinstance(term, Diagonal) for term in terms):
        return Diagonal(sum(term.column for term in terms))
    return sum(as_array(term) for term in terms)


@matrix_value.register
def _(node: ex.Block, window: Window) -> Value:
    rows = [[as_array(matrix_value(block, window)) for block in row] for row in node.rows]
    batch = np.broadcast_shapes(*(block.shape[:-2] for row in rows for block in row))
    wide = [[np.broadcast_to(block, (*batch, *block.shape[-2:])) for block in row] for row in rows]
    return join([join(row, -1) for row in wide], -2)
