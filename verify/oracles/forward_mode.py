"""Forward mode: the forward equations in dual numbers, with all directions at once.

It is what RTRL computes (Williams & Zipser 1989): ∂h_t/∂w is carried along with h_t, for every entry of every
parameter, and, for the lags, for the copy of it that each step uses.  The rules are those of ``verify.duals``: the
product of dual numbers, and a complex step of each elementwise function; none is ours.

Errors: no truncation (a complex step's O(h²) is far below one rounding), so ``Measured.error`` is zero, and what
rounding explains is measured as everywhere (``verify.rounding``).  Every derivative is a sum of products without a
difference of nearly equal losses, so it is accurate to a few roundings at its own scale, at 1e-36 as at 1e+30.

It cannot see an error of the forward equations, which both sides use, nor speak for other points.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from derive.arithmetic import Array
from verify.comparison import Subject, compare_gradients
from verify.duals import Dual, Duals, Seeds
from verify.program import LossFunction, Measured, Point
from verify.rungs import Rung
from verify.verdicts import Finding

RUNG = Rung.FLOATING
TITLE = "forward mode (RTRL), all directions at once"
NAME = "forward_mode"
_LARGEST = 2**18
"""Numbers in a tangent, of one sequence: what stays in a processor's cache."""


def missing() -> str:
    """Why this oracle cannot run here; empty when it can."""
    return ""


def numbered(point: Point) -> dict[str, Array]:
    """The number of each entry's direction: step after step where there are copies, else in the order of the point."""
    numbers = {name: np.zeros(array.shape, dtype=int) for name, array in point.items()}
    copies = [array.reshape((-1, *array.shape[-2:])) for array in numbers.values()]
    start = 0
    for copy in range(max(map(len, copies))):
        for own in (array[copy] for array in copies if copy < len(array)):
            own[...] = start + np.arange(own.size).reshape(own.shape)
            start += own.size
    return numbers


def jacobian(function: LossFunction, point: Point) -> dict[str, Measured]:
    """Some directions at a time, all of them in one forward pass."""
    numbers = numbered(point)
    count = 1 + max(int(array.max()) for array in numbers.values())
    at_once = max(1, _LARGEST // max(max(array.shape[-2:]) for array in point.values()))
    starts = range(0, count, at_once)
    rows = [_derivatives(function, point, numbers, start, min(at_once, count - start)) for start in starts]
    joined = np.concatenate(rows, axis=-1)
    values = {name: joined[:, array] for name, array in numbers.items()}
    return {name: Measured(value, np.broadcast_to(0.0, value.shape)) for name, value in values.items()}


def _derivatives(function: LossFunction, point: Point, numbers: dict[str, Array], start: int, count: int) -> Array:
    """∂(losses) in the directions start … start + count − 1: (number of losses, count)."""
    seeds: Point = {}
    for name, array in numbers.items():
        own = (array >= start) & (array < start + count)
        seeds[name] = Seeds(point[name], np.where(own, array - start, -1))
    losses = function(seeds, Duals())
    found = np.zeros((*losses.shape, count))
    if isinstance(losses, Dual):
        found[..., : losses.tangent.length] = losses.directions
    return found


def judge(subject: Subject) -> Iterator[Finding]:
    yield from compare_gradients(subject, jacobian, NAME)
