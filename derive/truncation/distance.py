"""How far one gradient is from another: relative error and angle, of one parameter or of all together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array


@dataclass(frozen=True)
class Distance:
    """``relative`` is ‖estimate − true‖/‖true‖ (∞ where the true one is zero and the other is not), ``angle`` is in
    degrees (NaN where one of the two is zero)."""

    relative: float
    angle: float


def distance(error: Mapping[str, Array], true: Mapping[str, Array], names: Iterable[str]) -> Distance:
    """From the error itself, estimate − true, since a difference formed afterwards would lose its digits."""
    chosen = tuple(names)
    wrong, right = (flat(side, chosen) for side in (error, true))
    largest = max(_largest(wrong), _largest(right))
    if not largest:
        return Distance(0.0, float("nan"))
    wrong, right = wrong / largest, right / largest
    far, size = float(np.linalg.norm(wrong)), float(np.linalg.norm(right))
    return Distance(far / size if size else float("inf") if far else 0.0, _angle(right + wrong, right))


def norm(gradients: Mapping[str, Array], names: Iterable[str]) -> float:
    """‖·‖ of several gradients together; no square over- or underflows."""
    vector = flat(gradients, names)
    largest = _largest(vector)
    return largest * float(np.linalg.norm(vector / largest)) if largest else 0.0


def column_norms(columns: Array) -> Array:
    """Of every column, (…, K) from (…, n, K)."""
    largest = np.abs(columns).max(axis=-2, keepdims=True)
    scale = np.where(largest > 0, largest, 1.0)
    return largest[..., 0, :] * np.linalg.norm(columns / scale, axis=-2)


def flat(gradients: Mapping[str, Array], names: Iterable[str]) -> Array:
    """The entries of several gradients in one row; axes before the last two are kept."""
    arrays = [gradients[name] for name in names]
    return np.concatenate([array.reshape(*array.shape[:-2], -1) for array in arrays], axis=-1)


def _largest(vector: Array) -> float:
    return float(np.abs(vector).max(initial=0.0))


def _angle(one: Array, other: Array) -> float:
    """By Kahan's formula 2 atan2(‖u − v‖, ‖u + v‖) for unit vectors, which does not lose small angles."""
    sizes = [float(np.linalg.norm(vector)) for vector in (one, other)]
    if not all(sizes):
        return float("nan")
    u, v = one / sizes[0], other / sizes[1]
    return float(np.degrees(2 * np.arctan2(np.linalg.norm(u - v), np.linalg.norm(u + v))))
