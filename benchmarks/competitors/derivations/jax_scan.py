"""JAX: tracing ``grad`` of a loss whose steps are a ``scan``; T is a number, but the program has one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.competitors.derivations._network import SHARED, Arrays

TITLE, PLACE, LIBRARY = "JAX, tracing a scan", 4, "jax"


@dataclass(frozen=True)
class Found:
    of: Callable[..., Any]
    traced: Any


def too_long(n: int, steps: int) -> bool:
    return False


def derive(n: int, steps: int) -> Found:
    import jax
    import jax.numpy as jnp

    def loss(w: dict[str, Any], x: Any, y: Any) -> Any:
        def step(h: Any, own: Any) -> tuple[Any, Any]:
            after = jnp.tanh(w["W_h"] @ h + w["W_i"] @ own + w["b"])
            return after, after

        states = jax.lax.scan(step, w["h_0"], x)[1]
        return 0.5 * jnp.sum((states @ w["W_o"].T + w["b_o"] - y) ** 2) / steps

    own = {name: jax.ShapeDtypeStruct((n, n) if name.startswith("W") else (n,), np.float64) for name in SHARED}
    rows = jax.ShapeDtypeStruct((steps, n), np.float64)
    of = jax.grad(loss)
    return Found(of, jax.make_jaxpr(of)(own, rows, rows))


def size(found: Found) -> int:
    return _equations(found.traced.jaxpr)


def _equations(of: Any) -> int:
    inner = (own for equation in of.eqns for own in equation.params.values())
    return len(of.eqns) + sum(_equations(own.jaxpr) for own in inner if hasattr(own, "jaxpr"))


def gradient(found: Found, given: Arrays) -> np.ndarray:
    return np.asarray(found.of(given.shared, given.x, given.y)["W_h"])
