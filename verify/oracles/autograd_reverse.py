"""HIPS autograd, reverse mode: traces the NumPy forward pass and applies its own rules."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from derive.arithmetic import Array, Floating
from verify.comparison import Subject, compare_gradients
from verify.program import LossFunction, Measured, Point
from verify.rungs import Rung
from verify.verdicts import Finding

RUNG = Rung.FLOATING
TITLE = "HIPS autograd (reverse mode)"


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return ""


def jacobian(function: LossFunction, point: Point) -> dict[str, Measured]:
    """One reverse pass a step."""
    import autograd.numpy as anp
    from autograd import jacobian as reverse

    names = list(point)

    def of_vector(vector: Array) -> Array:
        arrays, start = {}, 0
        for name in names:
            size = point[name].size
            arrays[name] = anp.reshape(vector[start : start + size], point[name].shape)
            start += size
        return function(arrays, Floating(anp))

    rows = reverse(of_vector)(np.concatenate([point[name].ravel() for name in names]))
    splits = np.cumsum([point[name].size for name in names])[:-1]
    found = {}
    for name, block in zip(names, np.split(rows, splits, axis=1), strict=True):
        value = block.reshape((rows.shape[0], *point[name].shape))
        found[name] = Measured(value, np.zeros_like(value))
    return found


def judge(subject: Subject) -> Iterator[Finding]:
    yield from compare_gradients(subject, jacobian, "autograd_reverse", lags=subject.few_lags)
