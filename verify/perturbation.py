"""Batches of points that each differ from one point in a single entry."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

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
