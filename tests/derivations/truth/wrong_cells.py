"""What the wrong derivations of gated and other cells claim, as they claim it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.derivations.networks import S
from tests.derivations.simulation import Simulation, diag
from tests.derivations.truth.parts import every, outer, tanh_slope
from tests.derivations.truth.registry import INNER, Said, truth
from tests.derivations.truth.right_cells import ALPHA, both_paths, encoder_chain, encoder_slopes


@truth("wrong/lstm.tex", INNER)
def lstm(n: Simulation, t: int) -> Iterator[Said]:
    h, o, late = n.G("h", t), n("gate_o", t), n.G("c", t + 1)
    own = h * o * (1 - np.tanh(n("c", t)) ** 2)
    yield 1, n.G("c", t), own + late * n("f", t + 1)
    yield 2, n.G("c", t), own + late * n("f", t)
    yield 3, n.G("c", t), late * n("f", t + 1)
    yield 4, n.G("c", t), h * o + late * n("f", t + 1)
    f = n("f", t)
    yield 5, n.G("u_f", t), n.G("c", t) * n("c", t) * f * (1 - f)
    yield 6, n.G("u_g", t), n.G("c", t) * (1 - n("g", t) ** 2)
    yield 7, n.G("W_hf"), outer(n, {s: n.G("u_f", s) for s in every(n)}, "h")


@truth("wrong/lstm_blocks.tex")
def lstm_blocks(n: Simulation, t: int) -> Iterator[Said]:
    c, i, f, g, o = n.G("c", t), n("i", t), n("f", t), n("g", t), n("gate_o", t)
    yield 1, n.G("u_f", t), c * n("c", t - 1) * f * (1 - f)
    arguments = [c * n("c", t) * f * (1 - f), c * g * i * (1 - i)]
    yield 2, np.concatenate([n.G("u_f", t), n.G("u_i", t)]), np.concatenate(arguments)
    yield 3, np.concatenate([o * n.G("h", t), c]), np.concatenate([o * c, n.G("h", t)])


@truth("wrong/gru.tex")
def gru(n: Simulation, t: int) -> Iterator[Said]:
    h, z, new, before = n.G("h", t), n("z", t), n("n", t), n("h", t - 1)
    yield 1, n.G("n", t), h * z
    yield 2, n.G("z", t), h * (new - before)
    yield 3, n.G("z", t), h * before
    yield 4, n.G("u_n", t), h * (1 - z) * (1 - new**2)
    yield 5, n.G("W_hn"), outer(n, {s: n.G("u_n", s) for s in every(n)}, "h", 1)
    yield 6, n.C(t), diag(z)


@truth("wrong/leaky.tex")
def leaky(n: Simulation, t: int) -> Iterator[Said]:
    kept, slopes, W = (1 - ALPHA) * np.eye(len(n("h", 0))), diag(1 - np.tanh(n("z", t)) ** 2), n("W_h")
    yield 1, n.C(t), ALPHA * slopes @ W
    yield 2, n.C(t), kept + slopes @ W
    yield 3, n.C(t), kept + ALPHA * diag(1 - n("h", t) ** 2) @ W


@truth("wrong/feedback.tex", (2, 3, 4))
def feedback(n: Simulation, t: int) -> Iterator[Said]:
    slopes, path = diag(tanh_slope(n, t)), n("W_i") @ n("F")
    yield 1, n.C(t), slopes @ path @ n.J("o", t - 1, "h", t - 1)
    yield 2, n.C(t), slopes @ n("W_h")
    yield 3, n.C(t), slopes @ (n("W_h") + path @ n.J("o", t, "h", t))
    yield 4, n.C(t), both_paths(n, t)


@truth("wrong/encoder_decoder.tex", (1, 2))
def encoder_decoder(n: Simulation, t: int) -> Iterator[Said]:
    inner = {s: encoder_slopes(n, s) @ n.G("he", s) for s in range(1, S + 1)}
    yield 1, n.C(t), diag(tanh_slope(n, t)) @ n("W_h")
    yield 2, n.G("W_he"), outer(n, inner, "he", 1)
    yield 3, n.G("W_he"), outer(n, inner, "he")
    yield 4, n.G("he", t), None
    for i in range(S):
        yield 5, n.J("h", t, "he", i), encoder_chain(n, S, i) @ n.P(t, 0)
