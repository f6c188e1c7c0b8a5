"""JAX's check of its own reverse mode, in float64: a central difference along one random direction."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.competitors.checks._network import loss
from benchmarks.competitors.checks._setting import ONE, Check, Named, Setting

TITLE, PLACE, LIBRARY, LOOKS_AT = "JAX check_grads", 8, "jax", ONE
STEP = 1e-4
"""What jax.test_util takes unless it is told otherwise."""


def prepare(setting: Setting) -> Check:
    import jax
    import jax.numpy as xp
    from jax.test_util import check_grads

    of = jax.jit(lambda w: loss(xp, w, setting.x, setting.y))
    point = {name: xp.asarray(array) for name, array in setting.point.items()}

    def claimed() -> tuple[float, Named]:
        value, found = jax.value_and_grad(of)(point)
        return float(value), {name: np.asarray(array) for name, array in found.items()}

    def work() -> Any:
        check_grads(of, (point,), order=1, modes=["rev"])

    return Check(work, lambda: setting.error_along(STEP), claimed)
