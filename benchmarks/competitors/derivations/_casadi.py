"""CasADi, in scalars (SX) or matrices (MX)."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.competitors.derivations._network import SHARED, Arrays


def function(kind: str, n: int, steps: int) -> Any:
    """The gradient as a function of everything; ``kind`` is "SX" or "MX"."""
    import casadi as ca

    symbol = getattr(ca, kind).sym
    w = {name: symbol(name, n, n) if name.startswith("W") else symbol(name, n) for name in SHARED}
    x, y = symbol("x", n, steps), symbol("y", n, steps)
    h, loss = w["h_0"], 0
    for t in range(steps):
        h = ca.tanh(w["W_h"] @ h + w["W_i"] @ x[:, t] + w["b"])
        loss = loss + 0.5 * ca.sumsqr(w["W_o"] @ h + w["b_o"] - y[:, t])
    return ca.Function("gradient", [*w.values(), x, y], [ca.gradient(loss / steps, w["W_h"])])


def value(of: Any, given: Arrays) -> np.ndarray:
    return np.array(of(*(given.shared[name] for name in SHARED), given.x.T, given.y.T))
