"""What the wrong derivations of the vanilla network claim, as they claim it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.derivations.networks import sigmoid
from tests.derivations.simulation import Array, Simulation, derivative, diag
from tests.derivations.truth.parts import at_argument, at_score, error, every, outer, slope, tanh_slope
from tests.derivations.truth.registry import INNER, Said, truth


@truth("wrong/elman_jacobian.tex")
def elman_jacobian(n: Simulation, t: int) -> Iterator[Said]:
    slopes, before, W = diag(tanh_slope(n, t)), diag(tanh_slope(n, t - 1)), n("W_h")
    turned = diag(1 + n("h", t) ** 2) @ W
    claimed = [slopes @ W, W @ slopes, W.T @ slopes, before @ W, W, slopes, turned, slopes @ slopes @ W]
    for number, right in enumerate(claimed, 1):
        yield number, n.C(t), right


@truth("wrong/elman_gradients.tex")
def elman_gradients(n: Simulation, t: int) -> Iterator[Said]:
    inner, left = at_argument(n), n.G("W_h")
    yield 1, left, outer(n, inner, "h", 1)
    yield 2, left, outer(n, {s: n.G("h", s) for s in every(n)}, "h", 1)
    yield 3, left, outer(n, inner, "h")
    yield 4, left, outer(n, {s: tanh_slope(n, s - 1) * n.G("h", s) for s in every(n)}, "h", 1)
    yield 5, left, outer(n, inner, "h", 1).T
    yield 6, left, n.T * outer(n, inner, "h", 1)
    yield 7, left, outer(n, {s: inner[s] for s in every(n) if s > 1}, "h", 1)
    yield 8, n.G("W_i"), np.sum([inner[s] @ n("x", n.T).T for s in every(n)], axis=0)
    yield 9, n.G("W_o"), -outer(n, at_score(n), "h") / n.T
    yield 10, n.G("W_o"), outer(n, at_score(n), "h", 1) / n.T


@truth("wrong/error_at_the_argument.tex", INNER)
def error_at_the_argument(n: Simulation, t: int) -> Iterator[Said]:
    left, late, here = n.G("z", t), n.G("z", t + 1), n("W_o").T @ error(n, t) / n.T
    back = n("W_h").T @ late
    yield 1, left, slope(n, t) * (here + back)
    yield 2, left, slope(n, t + 1) * (here + back)
    yield 3, left, here + back
    yield 4, left, here + n("W_h").T @ (slope(n, t) * late)
    yield 5, left, slope(n, t) * (here + n("W_h") @ late)
    yield 6, left, slope(n, t) * back


@truth("wrong/sigmoid_slope.tex", (2, 3, 4))
def sigmoid_slope(n: Simulation, t: int) -> Iterator[Said]:
    def slopes(at: Array) -> Array:
        return np.diagonal(derivative(sigmoid, at)).reshape(-1, 1)

    h, W = n("h", t), n("W_h")
    yield 1, slopes(n("z", t)), h * (1 - h)
    yield 2, slopes(n("z", t)), h * (1 + h)
    yield 3, n.C(t), diag(1 - h) @ W
    yield 4, n.C(t), diag(slopes(n("z", t - 1))) @ W
    yield 5, n.C(t), diag(slopes(h)) @ W


@truth("wrong/softmax_cross_entropy.tex")
def softmax_cross_entropy(n: Simulation, t: int) -> Iterator[Said]:
    o, left = n("o", t), n.J("l", t, "s", t).T
    yield 1, n.J("o", t, "s", t), -o @ o.T
    yield 2, n.J("o", t, "s", t), diag(o) + o @ o.T
    yield 3, left, error(n, t)
    yield 4, left, -error(n, t)
    yield 5, n.J("l", t, "h", t).T, lambda: n("W_o") @ error(n, t)
    yield 6, left, o * (1 - o) * error(n, t)


@truth("wrong/squared_error.tex")
def squared_error(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.J("l", t, "o", t).T, 2 * error(n, t)
    yield 2, n.J("l", t, "o", t).T, -error(n, t)
    yield 3, n.G("W_o"), outer(n, at_score(n), "h")


@truth("wrong/last_output.tex", (1, 2))
def last_output(n: Simulation, t: int) -> Iterator[Said]:
    last = n("W_o").T @ error(n, n.T)
    yield 1, n.G("h", n.T), last
    yield 2, n.G("h", t), n.C(t + 1).T @ n.G("h", t + 1) / n.T
    yield 3, n.G("h", t), n.P(n.T, t - 1).T @ last
    chain: Array = np.eye(len(n("h", 0)))
    for j in range(n.T, t, -1):
        chain = chain @ n.C(j).T
    yield 4, n.G("h", t), chain @ last
