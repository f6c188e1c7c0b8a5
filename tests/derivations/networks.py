"""The networks that the corpus speaks of, forwards only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from tests.derivations.simulation import Array, Pass, Simulation

T, S = 4, 3
HIDDEN, INPUTS, OUTPUTS = 3, 2, 4
"""Three different sizes, so that a transposed matrix does not fit."""


def sigmoid(z: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-z)))


def softmax(s: Array) -> Array:
    return np.asarray(np.exp(s) / np.exp(s).sum())


def relu(z: Array) -> Array:
    return np.asarray(z * (z.real > 0))


def identity(z: Array) -> Array:
    return z


ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": np.tanh, "sigmoid": sigmoid, "relu": relu, "identity": identity, "softmax": softmax,
}  # fmt: skip

LOSSES: dict[str, Callable[[Array, Array], Array]] = {
    "softmax_cross_entropy": lambda y, o: -(y.T @ np.log(o)),
    "squared_error": lambda y, o: (o - y).T @ (o - y) / 2,
    "binary_cross_entropy": lambda y, o: -(y.T @ np.log(o)) - (1 - y).T @ np.log(1 - o),
}
NORMALISATIONS = {
    "softmax_cross_entropy": "softmax", "squared_error": "identity", "binary_cross_entropy": "sigmoid",
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """Which network, of which sizes.  ``scalar`` is one unit and one input; ``zero`` names what is left out."""

    cell: str = "rnn"
    activation: str = "tanh"
    wiring: str = "every"
    total: str = "mean"
    loss: str = "softmax_cross_entropy"
    feedback: bool = False
    zero: tuple[str, ...] = field(default=())
    scalar: bool = False

    @property
    def sizes(self) -> tuple[int, int, int]:
        if not self.scalar:
            return HIDDEN, INPUTS, OUTPUTS
        return 1, 1, 2 if NORMALISATIONS[self.loss] == "softmax" else 1  # the softmax of one number is always one


Step = Callable[[Pass, int, Array, str], None]
"""Makes h_t from the input of the step; the last argument marks the phase."""


def elman(setting: Setting) -> Step:
    phi = ACTIVATIONS[setting.activation]

    def step(p: Pass, t: int, x: Array, e: str) -> None:
        def w(name: str) -> Array:
            return p.weight(name + e, t)

        z = w("W_h") @ p["h" + e, t - 1] + w("W_i") @ x + w("b_ih") + w("b_hh")
        p.put("h" + e, t, phi(p.put("z" + e, t, z)))

    return step


def leaky(setting: Setting) -> Step:
    phi = ACTIVATIONS[setting.activation]

    def step(p: Pass, t: int, x: Array, e: str) -> None:
        h = p["h" + e, t - 1]
        z = p.put("z" + e, t, p.weight("W_h" + e, t) @ h + p.weight("W_i" + e, t) @ x + p.weight("b" + e, t))
        p.put("h" + e, t, 0.7 * h + 0.3 * phi(z))

    return step


def indrnn(setting: Setting) -> Step:
    phi = ACTIVATIONS[setting.activation]

    def step(p: Pass, t: int, x: Array, e: str) -> None:
        z = p.weight("W_i" + e, t) @ x + p.weight("u" + e, t) * p["h" + e, t - 1] + p.weight("b" + e, t)
        p.put("h" + e, t, phi(p.put("z" + e, t, z)))

    return step


def jordan(setting: Setting) -> Step:
    phi = ACTIVATIONS[setting.activation]

    def step(p: Pass, t: int, x: Array, e: str) -> None:
        z = p.weight("W_h", t) @ p["o", t - 1] + p.weight("W_i", t) @ x + p.weight("b_h", t)
        p.put("h", t, phi(p.put("z", t, z)))

    return step


def gru(setting: Setting) -> Step:
    def step(p: Pass, t: int, x: Array, e: str) -> None:
        h = p["h", t - 1]

        def given(gate: str) -> Array:
            return p.weight(f"W_i{gate}", t) @ x + p.weight(f"b_i{gate}", t)

        def held(gate: str) -> Array:
            return p.weight(f"W_h{gate}", t) @ h + p.weight(f"b_h{gate}", t)

        r = p.put("r", t, sigmoid(p.put("u_r", t, given("r") + held("r"))))
        z = p.put("z", t, sigmoid(p.put("u_z", t, given("z") + held("z"))))
        n = p.put("n", t, np.tanh(p.put("u_n", t, given("n") + r * p.put("v", t, held("n")))))
        p.put("h", t, (1 - z) * n + z * h)

    return step


def lstm(setting: Setting) -> Step:
    def step(p: Pass, t: int, x: Array, e: str) -> None:
        gates = {}
        for gate in "ifgo":
            u = p.weight(f"W_i{gate}", t) @ x + p.weight(f"b_i{gate}", t)
            u = p.put(f"u_{gate}", t, u + p.weight(f"W_h{gate}", t) @ p["h", t - 1] + p.weight(f"b_h{gate}", t))
            name = "gate_o" if gate == "o" else gate
            gates[gate] = p.put(name, t, np.tanh(u) if gate == "g" else sigmoid(u))
        c = p.put("c", t, gates["f"] * p["c", t - 1] + gates["i"] * gates["g"])
        p.put("h", t, gates["o"] * p.put("k", t, np.tanh(c)))

    return step


CELLS = {"rnn": elman, "leaky": leaky, "indrnn": indrnn, "jordan": jordan, "gru": gru, "lstm": lstm}


def _shapes(setting: Setting) -> dict[str, tuple[int, int]]:
    """Of the parameters of one phase and of the readout."""
    n, m, q = setting.sizes
    cell: dict[str, dict[str, tuple[int, int]]] = {
        "rnn": {"W_h": (n, n), "W_i": (n, m), "b_ih": (n, 1), "b_hh": (n, 1)},
        "leaky": {"W_h": (n, n), "W_i": (n, m), "b": (n, 1)},
        "indrnn": {"W_i": (n, m), "u": (n, 1), "b": (n, 1)},
        "jordan": {"W_h": (n, q), "W_i": (n, m), "b_h": (n, 1)},
        "gru": {f"{w}{gate}": shape for gate in "rzn" for w, shape in _gate(n, m).items()},
        "lstm": {f"{w}{gate}": shape for gate in "ifgo" for w, shape in _gate(n, m).items()},
    }
    return {**cell[setting.cell], "W_o": (q, n), "b_o": (q, 1), "F": (m, q)}


def _gate(n: int, m: int) -> dict[str, tuple[int, int]]:
    return {"W_i": (n, m), "W_h": (n, n), "b_i": (n, 1), "b_h": (n, 1)}


def _point(setting: Setting) -> dict[str, Array]:
    rng = np.random.default_rng(7)
    n, m, q = setting.sizes
    shapes = _shapes(setting)
    shapes |= {f"{name}e": shape for name, shape in shapes.items()} if setting.wiring == "seq2seq" else {}
    shapes |= {"h_0": (n, 1), "c_0": (n, 1), "o_0": (q, 1)}
    point: dict[str, Array] = {name: rng.normal(size=shape).astype(complex) for name, shape in shapes.items()}
    for name in setting.zero:
        point[name] = np.zeros_like(point[name])
    for t in range(1, T + 1):
        point[f"x_{t}"] = rng.normal(size=(m, 1)).astype(complex)
        y = rng.uniform(0.1, 0.9, size=(q, 1)).astype(complex)
        point[f"y_{t}"] = y / y.sum() if NORMALISATIONS[setting.loss] == "softmax" else y
        point[f"xe_{t}"] = rng.normal(size=(m, 1)).astype(complex)
    return point


def _forward(setting: Setting, point: dict[str, Array]) -> Callable[[Pass], None]:
    step = CELLS[setting.cell](setting)
    out, loss = ACTIVATIONS[NORMALISATIONS[setting.loss]], LOSSES[setting.loss]

    def forward(p: Pass) -> None:
        start = point["h_0"]
        if setting.wiring == "seq2seq":
            p.put("he", 0, start)
            for t in range(1, S + 1):
                step(p, t, p.put("xe", t, point[f"xe_{t}"]), "e")
            start = p["he", S]
        p.put("h", 0, start)
        p.put("c", 0, point["c_0"])
        p.put("o", 0, point["o_0"])
        losses: Any = 0
        for t in range(1, T + 1):
            x = p.weight("F", t) @ p["o", t - 1] if setting.feedback else point[f"x_{t}"]
            step(p, t, p.put("x", t, x), "")
            o = p.put("o", t, out(p.put("s", t, p.weight("W_o", t) @ p["h", t] + p.weight("b_o", t))))
            one = p.put("l", t, loss(p.put("y", t, point[f"y_{t}"]), o))
            losses = one if setting.wiring == "last" else losses + one
        mean = setting.total == "mean" and setting.wiring != "last"
        p.put("L", None, losses / T if mean else losses)

    return forward


@cache
def network(setting: Setting) -> Simulation:
    point = _point(setting)
    return Simulation(_forward(setting, point), point, T)
