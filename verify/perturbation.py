"""Points that differ from one point: in a single entry, or along a random direction."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from derive.arithmetic import Array
from verify.program import Point

_BATCH = 256


def perturbed(point: Point, name: str, step: complex) -> Iterator[Point]:
    """Points in which entry after entry of the array ``name`` is moved by ``step``, up to 256 stacked in front."""
    array = point[name]
    for start in range(0, array.size, _BATCH):
        count = min(_BATCH, array.size - start)
        moved = np.repeat(array[None].astype(type(step)), count, axis=0)
        moved.reshape(count, -1)[np.arange(count), start + np.arange(count)] += step
        yield {**point, name: moved}


def directions(point: Point, count: int, seed: int) -> dict[str, Array]:
    """For every array, ``count`` random directions of length one, (count, *shape): Gaussian, so that none is preferred.

    Of an error δ of an array with N entries, a direction shows about ‖δ‖/√N; that it shows less than a share s of that
    has a probability below s.
    """
    rng = np.random.default_rng(seed)
    found = {}
    for name, array in point.items():
        drawn = rng.normal(size=(count, *array.shape))
        found[name] = drawn / np.linalg.norm(drawn.reshape(count, -1), axis=1).reshape(-1, *(1,) * array.ndim)
    return found


def along(gradient: Array, units: Array) -> Array:
    """The derivatives along directions (count, *shape), of the function with this gradient."""
    return np.sum(gradient * units, axis=(-2, -1))
