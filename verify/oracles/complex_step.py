"""The complex step: f′(x) = Im f(x + ih)/h up to O(h²), without subtraction (Squire & Trapp 1998).

With h = 1e-30 the truncation error is far below one rounding, so the result carries only the rounding errors of one
forward pass.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.comparison import Subject, compare_gradients
from verify.perturbation import perturbed
from verify.program import LossFunction, Measured, Point
from verify.rungs import Rung
from verify.verdicts import Finding

RUNG = Rung.FLOATING
TITLE = "complex step"
_STEP = 1e-30


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return ""


def jacobian(function: LossFunction, point: Point) -> dict[str, Measured]:
    """One entry at a time, many in one batched forward pass."""
    found = {}
    for name, array in point.items():
        rows = [np.imag(function(moved)) / _STEP for moved in perturbed(point, name, 1j * _STEP)]
        value = np.concatenate(rows).T.reshape((-1, *array.shape))
        found[name] = Measured(value, np.zeros_like(value))
    return found


def judge(subject: Subject) -> Iterator[Finding]:
    yield from compare_gradients(subject, jacobian, "complex_step", lags=subject.few_lags)
