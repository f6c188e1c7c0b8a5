"""JAX: a scan, reverse mode, and XLA for the whole."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.competitors.gradients import _equations
from benchmarks.competitors.gradients._prepared import Named, Prepared, stacked, starts, unstacked
from benchmarks.measuring.case import Case

TITLE, PLACE, LIBRARY = "JAX jit", 3, "jax"


def prepare(case: Case) -> Prepared:
    import jax
    import jax.numpy as xp

    step = _equations.STEPS[case.cell]

    def loss(both: tuple[Named, Named], x: Any, y: Any) -> Any:
        w, start = both
        states = tuple(xp.broadcast_to(start[own], (case.batch, case.hidden)) for own in _equations.STATES[case.cell])

        def one(states: Any, driven: Any) -> Any:
            after = step(xp, w, states, driven)
            return after, after[0]

        seen = jax.lax.scan(one, states, x @ w["weight_ih"].T + w["bias_ih"])[1]
        scores = seen.reshape(case.rows, -1) @ w["weight_o"].T + w["bias_o"]
        return _equations.cross_entropy(xp, scores, y)

    of = jax.jit(jax.value_and_grad(loss))
    given = jax.tree.map(xp.asarray, ((stacked(case), starts(case)), case.x, case.y.reshape(case.rows, -1)))

    def read(found: Any) -> tuple[float, Named]:
        value, (gradient, start) = jax.tree.map(np.asarray, found)
        return float(value), unstacked(case, gradient) | {f"{name}_0": array for name, array in start.items()}

    return Prepared(lambda: jax.block_until_ready(of(*given)), read)
