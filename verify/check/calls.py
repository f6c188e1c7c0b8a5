"""What is written as a function of a whole value: diag, vec, softmax; powers and outer products; ∂f/∂w |_{…}."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from derive.arithmetic import Array
from verify.check.reading.tree import Applied, Derivative, Evaluated, Listed, Name, Tree
from verify.check.scope import Scope
from verify.check.values import MeaningError, ShapeError, Value, laid_out, multiplied


def _matrix(value: Value, scope: Scope, what: str) -> Array:
    found = next(laid_out(value, scope.convention), None)
    if found is None:
        raise MeaningError(f"{what} of the derivative of a vector by a matrix")
    return found


def diag(value: Value, scope: Scope) -> Value:
    """The matrix with a vector on its diagonal."""
    column = _matrix(value, scope, "diag")
    if 1 not in column.shape:
        raise ShapeError("diag of a matrix")
    flat = column.reshape(-1)
    found = np.empty((len(flat), len(flat)), dtype=object)
    found[...] = scope.world.zero
    for k, own in enumerate(flat):
        found[k, k] = own
    return Value(found)


def vec(value: Value, scope: Scope) -> Value:
    """The columns, one below the other."""
    return Value(_matrix(value, scope, "vec").T.reshape(-1, 1))


def softmax(value: Value, scope: Scope) -> Value:
    """exp s / Σ exp s, in the arithmetic of the network."""
    column = _matrix(value, scope, "softmax")
    if 1 not in column.shape:
        raise MeaningError("softmax of a matrix")
    return Value(scope.world.point.numbers.softmax(column.reshape(-1, 1)).reshape(column.shape))


def trace(value: Value, scope: Scope) -> Value:
    square = _matrix(value, scope, "the trace")
    return Value(np.array([[sum(np.diagonal(square)[1:], start=square[0, 0])]], dtype=object))


CALLS: Mapping[str, Callable[[Value, Scope], Value]] = {
    "diag": diag, "Diag": diag, "vec": vec, "softmax": softmax, "Softmax": softmax, "tr": trace, "Tr": trace,
}  # fmt: skip


def power(value: Value, exponent: int, scope: Scope) -> Value:
    """Of a square matrix, the matrix product; of a vector, entry by entry."""
    matrix = _matrix(value, scope, "a power")
    if 1 not in matrix.shape and matrix.shape[0] == matrix.shape[1]:
        total = replace(scope.number(1), identity=True)
        for _ in range(exponent):
            total = multiplied(total, Value(matrix), scope.convention)
        return total
    found = matrix * 0 + scope.world.one
    for _ in range(exponent):
        found = found * matrix
    return Value(found)


def inverse(value: Value, scope: Scope) -> Value:
    """1 / x, entry by entry."""
    return Value(np.array([[scope.world.one / entry for entry in row] for row in value.matrix], dtype=object))


def outer(left: Value, right: Value, scope: Scope) -> Value:
    """⊗: of two columns u vᵀ, as most books of this trade mean it; of all else the Kronecker product.

    An identity there is that of the state's size: b_t = x_tᵀ ⊗ I is what a step adds, a row for each unit.
    """
    if left.identity != right.identity:
        height = scope.world.height
        left, right = (Value(own.sized(height)) if own.identity else own for own in (left, right))
    one, two = (_matrix(own, scope, "⊗") for own in (left, right))
    vectors = 1 in one.shape and 1 in two.shape
    if vectors and (one.shape[1] == 1) == (two.shape[1] == 1):
        return Value(one.reshape(-1, 1) @ two.reshape(1, -1))
    if vectors and 1 in (one.size, two.size):
        return Value(one.reshape(-1)[0] * two if one.size == 1 else two.reshape(-1)[0] * one)
    return Value(np.block([[np.array(entry * two, dtype=object) for entry in row] for row in one]))


def held(node: Evaluated, scope: Scope) -> Tree:
    """∂f/∂w |_{(x, h)}: the derivative of f(x, h, w), f being a function of what it is evaluated at."""
    body = node.body
    if not isinstance(body, Derivative) or not isinstance(body.of, Name):
        raise MeaningError("what is evaluated here is not the derivative of a function")
    given = [part for own in node.at for part in (own.entries if isinstance(own, Listed) else (own,))]
    bases = [own.base for own in given if isinstance(own, Name)]
    if len(bases) != len(given):
        raise MeaningError("it is evaluated at something that is no name")
    by = body.by
    if isinstance(by, Name) and by.base not in bases:
        given.append(by)
    return replace(body, of=Applied(body.of, tuple(given)))
