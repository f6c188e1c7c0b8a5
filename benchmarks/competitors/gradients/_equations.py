"""The steps of the networks for any namespace like NumPy's, gates stacked as PyTorch stacks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

States = tuple[Any, ...]
Named = Mapping[str, Any]
Step = Callable[[Any, Named, States, Any], States]


def rnn(xp: Any, w: Named, states: States, driven: Any) -> States:
    (h,) = states
    return (xp.tanh(driven + xp.dot(h, w["weight_hh"].T) + w["bias_hh"]),)


def gru(xp: Any, w: Named, states: States, driven: Any) -> States:
    (h,) = states
    n, inner = h.shape[-1], xp.dot(h, w["weight_hh"].T) + w["bias_hh"]
    opened = _sigmoid(xp, driven[:, : 2 * n] + inner[:, : 2 * n])
    r, z = opened[:, :n], opened[:, n:]
    new = xp.tanh(driven[:, 2 * n :] + r * inner[:, 2 * n :])
    return ((1 - z) * new + z * h,)


def lstm(xp: Any, w: Named, states: States, driven: Any) -> States:
    h, c = states
    n, both = h.shape[-1], driven + xp.dot(h, w["weight_hh"].T) + w["bias_hh"]
    i, f = _sigmoid(xp, both[:, :n]), _sigmoid(xp, both[:, n : 2 * n])
    g, o = xp.tanh(both[:, 2 * n : 3 * n]), _sigmoid(xp, both[:, 3 * n :])
    c = f * c + i * g
    return o * xp.tanh(c), c


def _sigmoid(xp: Any, z: Any) -> Any:
    return 0.5 * xp.tanh(0.5 * z) + 0.5


STEPS: dict[str, Step] = {"rnn": rnn, "gru": gru, "lstm": lstm}
STATES = {"rnn": ("h",), "gru": ("h",), "lstm": ("h", "c")}


def cross_entropy(xp: Any, scores: Any, y: Any) -> Any:
    """The mean over rows, of ``scores`` and ``y`` (rows, outputs)."""
    shift = xp.max(scores, axis=1, keepdims=True)
    totals = xp.log(xp.sum(xp.exp(scores - shift), axis=1)) + shift[:, 0]
    return (xp.sum(totals) - xp.sum(scores * y)) / scores.shape[0]
