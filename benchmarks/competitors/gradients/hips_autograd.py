"""HIPS autograd: reverse mode over NumPy, step after step."""

from __future__ import annotations

from typing import Any

from benchmarks.competitors.gradients import _equations
from benchmarks.competitors.gradients._prepared import Named, Prepared, stacked, starts, unstacked
from benchmarks.measuring.case import Case

TITLE, PLACE, LIBRARY = "autograd", 4, "autograd"


def prepare(case: Case) -> Prepared:
    import autograd
    import autograd.numpy as xp

    step, y = _equations.STEPS[case.cell], case.y.reshape(case.rows, -1)

    def loss(w: Named, start: Named) -> Any:
        states = tuple(xp.ones((case.batch, 1)) * start[name] for name in _equations.STATES[case.cell])
        seen = []
        for own in case.x:  # one product for all steps is slower: its rows are taken out by a gradient each
            states = step(xp, w, states, xp.dot(own, w["weight_ih"].T) + w["bias_ih"])
            seen.append(states[0])
        return _equations.cross_entropy(xp, xp.dot(xp.concatenate(seen), w["weight_o"].T) + w["bias_o"], y)

    of = autograd.value_and_grad(lambda both: loss(*both))
    both = stacked(case), starts(case)

    def read(found: Any) -> tuple[float, Named]:
        value, (gradient, start) = found
        return float(value), unstacked(case, gradient) | {f"{name}_0": array for name, array in start.items()}

    return Prepared(lambda: of(both), read)
