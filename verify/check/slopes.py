"""Derivatives of quantities by quantities, as the network has them, and their values."""

from __future__ import annotations

import numpy as np

from derive.unroll import Place
from verify.check.quantities import Quantity
from verify.check.scope import OutOfRangeError, Scope, Taken
from verify.check.values import MeaningError, Value
from verify.check.world import World


def place_of(own: Taken, scope: Scope) -> Place:
    """Where the network keeps it.  Raises OutOfRangeError where there is no such step."""
    assert own.quantity is not None
    found = own.quantity.places(own.time)[0]
    if not scope.world.knows(found):
        raise OutOfRangeError
    return found


def by_place(own: Taken, time: int | None, scope: Scope) -> Place:
    """The place that is moved; of a sum of two biases the first."""
    assert own.quantity is not None
    name, kind = own.quantity.letters[0]
    if own.quantity.timed and not scope.world.knows((name, kind, time)):
        raise OutOfRangeError
    return name, kind, time


def between(world: World, of: Place, by: Place) -> Value:
    """The derivative of what is at one place by what is at another, through everything."""
    found = world.jacobian(of, by)
    above, below = found.shape[:2], found.shape[2:]
    return Value(found.reshape(above[0] * above[1], below[0] * below[1]), above, below)


def picked(value: Value, above: Taken, below: Taken) -> Value:
    """Of single entries where subscripts pick them."""
    if not above.entries and not below.entries:
        return value
    assert value.of is not None and value.by is not None
    cube = value.matrix.reshape(*value.of, *value.by)
    return _flat(_one(_one(cube, above.entries, 0), below.entries, 2))


def _one(cube: np.ndarray, entries: tuple[int, ...], axis: int) -> np.ndarray:
    """One entry of two axes: a vector has one number, a matrix two."""
    if not entries:
        return cube
    rows, cols = cube.shape[axis : axis + 2]
    chosen = entries if len(entries) == 2 else (entries[0], 1) if cols == 1 else (1, entries[0])
    if not (1 <= chosen[0] <= rows and 1 <= chosen[1] <= cols):
        raise OutOfRangeError
    cube = np.take(cube, [chosen[0] - 1], axis=axis)
    return np.take(cube, [chosen[1] - 1], axis=axis + 1)


def _flat(cube: np.ndarray) -> Value:
    of, by = cube.shape[:2], cube.shape[2:]
    return Value(cube.reshape(of[0] * of[1], by[0] * by[1]), of, by)


def stacked(value: Value) -> Value:
    """By vec(W) instead of W: its columns one below the other.  Raises MeaningError where there is no matrix below."""
    if value.by is None:
        raise MeaningError("vec of something else than a matrix")
    rows, cols = value.by
    order = np.arange(rows * cols).reshape(rows, cols).T.reshape(-1)
    return Value(value.matrix[:, order], value.of, (rows * cols, 1))


def value_of(own: Quantity, time: int | None, scope: Scope) -> Value:
    """The sum of the variables that a quantity is."""
    where = own.places(time)
    for one in where:
        if not scope.world.knows(one):
            raise OutOfRangeError
    matrices = [scope.world.value(one) for one in where]
    whole = matrices[0]
    for matrix in matrices[1:]:
        whole = whole + matrix
    return Value(scope.turned(whole, is_weight=not own.timed))
