"""Central differences, with an error bound of their own.

D(h) = (f(x+h) − f(x−h))/2h has error c h² + O(h⁴) from truncation and about ε|f|/h from rounding (Nocedal & Wright
2006, section 8.1).  D(2h) − D(h) = 3 c h² measures the first; the second is taken at its bound.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from derive.arithmetic import Array
from verify.comparison import Subject, compare_gradients
from verify.perturbation import perturbed
from verify.program import LossFunction, Measured, Point
from verify.rungs import Rung
from verify.verdicts import Finding

RUNG = Rung.FLOATING
TITLE = "central differences"
_EPS = float(np.finfo(float).eps)
_STEP = _EPS ** (1 / 3)
_ROUNDINGS = 16  # how many times ε|f| a loss may be off: its own last additions and divisions


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return ""


def _difference(function: LossFunction, point: Point, name: str, step: float) -> Array:
    pairs = zip(perturbed(point, name, step), perturbed(point, name, -step), strict=True)
    rows = [(function(up) - function(down)) / (2 * step) for up, down in pairs]
    return np.concatenate(rows).T.reshape((-1, *point[name].shape))


def jacobian(function: LossFunction, point: Point) -> dict[str, Measured]:
    """Two differences an entry, for the value and for its error."""
    losses = np.abs(function(point))
    found = {}
    for name in point:
        near, far = (_difference(function, point, name, step) for step in (_STEP, 2 * _STEP))
        rounding = _ROUNDINGS * _EPS * losses.reshape((-1, *(1,) * point[name].ndim)) / _STEP
        error = np.abs(far - near) / 3 + rounding
        found[name] = Measured(near, np.where(_crosses(function, point, name), np.inf, error))
    return found


def _crosses(function: LossFunction, point: Point, name: str) -> Array:
    """The entries whose steps move some argument over a kink: a difference there says nothing about either side."""
    here = function.regions(point)
    if not here.size:  # there is no kink
        return np.zeros(point[name].shape, dtype=bool)

    def crossed(moved: Point) -> Array:
        sides = np.any(function.regions(moved) != here, axis=-1)
        return np.broadcast_to(sides, moved[name].shape[:1])

    steps = (-2 * _STEP, -_STEP, _STEP, 2 * _STEP)
    found = [np.concatenate([crossed(moved) for moved in perturbed(point, name, step)]) for step in steps]
    entries: Array = np.any(found, axis=0).reshape(point[name].shape)
    return entries


def judge(subject: Subject) -> Iterator[Finding]:
    """Whole gradients only: a lag that has vanished is below the ε|f|/h that differences resolve."""
    yield from compare_gradients(subject, jacobian, "central_differences", lags=False)
