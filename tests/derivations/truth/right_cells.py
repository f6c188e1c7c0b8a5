"""Derivations of gated and other cells, and of an encoder with a decoder."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.derivations.networks import S
from tests.derivations.simulation import Array, Simulation, diag
from tests.derivations.truth.parts import at_argument, error, every, outer, slope, tanh_slope
from tests.derivations.truth.registry import INNER, Said, truth

ALPHA = 0.3


@truth("right/lstm_memory.tex", INNER)
def lstm_memory(n: Simulation, t: int) -> Iterator[Said]:
    def own(s: int) -> Array:
        return n.G("h", s) * n("gate_o", s) * (1 - np.tanh(n("c", s)) ** 2)

    yield 1, n.G("c", n.T), own(n.T)
    yield 2, n.G("c", t), own(t) + n.G("c", t + 1) * n("f", t + 1)


@truth("right/lstm_blocks.tex")
def lstm_blocks(n: Simulation, t: int) -> Iterator[Said]:
    c, i, f, g, o = n.G("c", t), n("i", t), n("f", t), n("g", t), n("gate_o", t)
    arguments = [c * n("c", t - 1) * f * (1 - f), c * g * i * (1 - i)]
    yield 1, np.concatenate([n.G("u_f", t), n.G("u_i", t)]), np.concatenate(arguments)
    scaled = np.diag(np.concatenate([o.ravel(), np.ones(o.size)]))
    yield 2, np.concatenate([o * n.G("h", t), c]), scaled @ np.concatenate([n.G("h", t), c])


@truth("right/lstm_gates.tex")
def lstm_gates(n: Simulation, t: int) -> Iterator[Said]:
    c, i, f, g, o = n.G("c", t), n("i", t), n("f", t), n("g", t), n("gate_o", t)
    yield 1, n.G("u_f", t), c * n("c", t - 1) * f * (1 - f)
    yield 2, n.G("u_i", t), c * g * i * (1 - i)
    yield 3, n.G("u_g", t), c * i * (1 - g**2)
    yield 4, n.G("u_o", t), n.G("h", t) * np.tanh(n("c", t)) * o * (1 - o)
    forget = {s: n.G("u_f", s) for s in every(n)}
    yield 5, n.G("W_hf"), outer(n, forget, "h", 1)
    yield 6, n.G("W_if"), outer(n, forget, "x")
    yield 7, n.G("b_hf"), sum(forget.values())


@truth("right/lstm_hidden.tex", INNER)
def lstm_hidden(n: Simulation, t: int) -> Iterator[Said]:
    carried = [n(f"W_h{gate}").T @ n.G(f"u_{gate}", t + 1) for gate in "ifgo"]
    yield 1, n.G("h", t), n("W_o").T @ error(n, t) / n.T + np.sum(carried, axis=0)


@truth("right/gru_gates.tex")
def gru_gates(n: Simulation, t: int) -> Iterator[Said]:
    h, r, z, new = n.G("h", t), n("r", t), n("z", t), n("n", t)
    yield 1, n.G("n", t), h * (1 - z)
    yield 2, n.G("z", t), h * (n("h", t - 1) - new)
    yield 3, n.G("u_n", t), n.G("n", t) * (1 - new**2)
    yield 4, n.G("r", t), n.G("u_n", t) * n("v", t)
    yield 5, n.G("u_z", t), n.G("z", t) * z * (1 - z)
    yield 6, n.G("u_r", t), n.G("r", t) * r * (1 - r)


@truth("right/gru_jacobian.tex")
def gru_jacobian(n: Simulation, t: int) -> Iterator[Said]:
    r, z, new, v = n("r", t), n("z", t), n("n", t), n("v", t)
    update = diag(z) + diag((n("h", t - 1) - new) * z * (1 - z)) @ n("W_hz")
    reset = diag(r) @ n("W_hn") + diag(v * r * (1 - r)) @ n("W_hr")
    yield 1, n.C(t), update + diag((1 - z) * (1 - new**2)) @ reset


@truth("right/gru_weights.tex", INNER)
def gru_weights(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.G("W_hz"), outer(n, {s: n.G("u_z", s) for s in every(n)}, "h", 1)
    yield 2, n.G("W_hn"), outer(n, {s: n("r", s) * n.G("u_n", s) for s in every(n)}, "h", 1)
    yield 3, n.G("W_in"), outer(n, {s: n.G("u_n", s) for s in every(n)}, "x")
    s = t + 1
    carried = n("z", s) * n.G("h", s) + n("W_hz").T @ n.G("u_z", s) + n("W_hr").T @ n.G("u_r", s)
    carried = carried + n("W_hn").T @ (n("r", s) * n.G("u_n", s))
    yield 4, n.G("h", t), n("W_o").T @ error(n, t) / n.T + carried


@truth("right/leaky.tex")
def leaky(n: Simulation, t: int) -> Iterator[Said]:
    def slopes(s: int) -> Array:
        return diag(1 - np.tanh(n("z", s)) ** 2)

    yield 1, n.C(t), (1 - ALPHA) * np.eye(len(n("h", 0))) + ALPHA * slopes(t) @ n("W_h")
    yield 2, n.G("W_h"), ALPHA * outer(n, {s: slopes(s) @ n.G("h", s) for s in every(n)}, "h", 1)


@truth("right/indrnn.tex")
def indrnn(n: Simulation, t: int) -> Iterator[Said]:
    inner = {s: n.G("h", s) * slope(n, s) for s in every(n)}
    yield 1, n.C(t), diag(slope(n, t) * n("u"))
    yield 2, n.G("u"), np.sum([inner[s] * n("h", s - 1) for s in every(n)], axis=0)
    yield 3, n.G("W_i"), outer(n, inner, "x")


@truth("right/jordan.tex")
def jordan(n: Simulation, t: int) -> Iterator[Said]:
    o = n("o", t)
    yield 1, n.J("o", t, "o", t - 1), n.J("o", t, "s", t) @ n.J("s", t, "h", t) @ n.J("h", t, "o", t - 1)
    yield 2, n.J("o", t, "o", t - 1), (diag(o) - o @ o.T) @ n("W_o") @ diag(tanh_slope(n, t)) @ n("W_h")


@truth("right/feedback.tex", (2, 3, 4))
def feedback(n: Simulation, t: int) -> Iterator[Said]:
    o = n("o", t)
    yield 1, n.C(t), both_paths(n, t)
    yield 2, n.J("o", t, "h", t), (diag(o) - o @ o.T) @ n("W_o")


def both_paths(n: Simulation, t: int) -> Array:
    inside = n("W_h") + n("W_i") @ n("F") @ n.J("o", t - 1, "h", t - 1)
    return np.asarray(diag(tanh_slope(n, t)) @ inside)


def encoder_slopes(n: Simulation, t: int) -> Array:
    return diag(1 - n("he", t) ** 2)


def encoder_chain(n: Simulation, last: int, first: int) -> Array:
    found: Array = np.eye(len(n("he", 0)))
    for j in range(first + 1, last + 1):
        found = n.J("he", j, "he", j - 1) @ found
    return found


@truth("right/encoder_decoder.tex", (1, 2))
def encoder_decoder(n: Simulation, t: int) -> Iterator[Said]:
    seeds = [n.P(s, 0).T @ n("W_o").T @ error(n, s) for s in every(n)]
    yield 1, n.G("h", 0), np.sum(seeds, axis=0) / n.T
    yield 2, n.G("he", S), n.G("h", 0)
    yield 3, n.G("he", t), n("W_he").T @ encoder_slopes(n, t + 1) @ n.G("he", t + 1)
    yield 4, n.G("W_he"), outer(n, {s: encoder_slopes(n, s) @ n.G("he", s) for s in range(1, S + 1)}, "he", 1)
    yield 5, n.G("W_h"), outer(n, at_argument(n), "h", 1)


@truth("right/encoder_chain.tex")
def through_both(n: Simulation, t: int) -> Iterator[Said]:
    for i in range(S + 1):
        yield 1, n.J("h", t, "he", i), n.P(t, 0) @ encoder_chain(n, S, i)
