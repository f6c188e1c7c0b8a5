"""bptt: the printed formulas in ball arithmetic, with as many bits as it takes: bounds, not estimates.

The bits are found before anything is timed: those with which every entry is enclosed to 1e-30 of the largest.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.competitors.checks._case import Check, CheckCase, Gradient
from derive.run import FORMS

TITLE, PLACE = "bptt, balls, every entry certified", 2


def prepare(case: CheckCase) -> Check:
    from verify.balls.enclosures import radius, size
    from verify.balls.precision import FIRST, TARGET, more

    bits = FIRST
    while True:
        found = _enclosed(case, bits)
        worst = max(float(radius(array)) / float(size(array)) for array in found.values())
        if worst <= TARGET:
            return Check(partial(_enclosed, case, bits), _middles)
        bits = more(bits, worst)


def _enclosed(case: CheckCase, bits: int) -> dict[str, Any]:
    from verify.balls.enclosures import Enclosures
    from verify.balls.precision import working

    with working(bits):
        return Enclosures(case.problem, case.derivation).gradients(FORMS[-1])


def _middles(found: dict[str, Any]) -> Gradient:
    return {name: np.vectorize(lambda ball: float(ball.mid()), otypes=[float])(array) for name, array in found.items()}
