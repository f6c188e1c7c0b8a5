"""JAX's ``check_grads`` of its own reverse mode, in float64: one random direction."""

from __future__ import annotations

from typing import Any

from benchmarks.competitors.checks._case import Check, CheckCase

TITLE, PLACE, LIBRARY = "JAX check_grads, one direction", 7, "jax"


def prepare(case: CheckCase) -> Check:
    import jax
    import jax.numpy as xp
    from jax.test_util import check_grads

    x, y = map(xp.asarray, case.rows)

    @jax.jit
    def loss(w: dict[str, Any]) -> Any:
        def one(h: Any, driven: Any) -> tuple[Any, Any]:
            after = xp.tanh(driven + w["W_h"] @ h)
            return after, after[:, 0]

        driven = x @ w["W_i"].T + (w["b_ih"] + w["b_hh"]).T
        states = jax.lax.scan(one, w["h_0"], driven[..., None])[1]
        scores = states @ w["W_o"].T + w["b_o"].T
        return (jax.nn.logsumexp(scores, 1) - (y * scores).sum(1)).mean()

    point = {name: xp.asarray(array) for name, array in case.program.point.items()}
    return Check(lambda: check_grads(loss, (point,), order=1, modes=["rev"]))


def error(case: CheckCase) -> float:
    return case.along_error()
