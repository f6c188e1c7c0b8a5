"""Derivations of the vanilla network and its outputs, in the names of the project."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.derivations.simulation import Array, Simulation, diag
from tests.derivations.truth.parts import at_argument, at_score, error, every, outer, slope, tanh_slope
from tests.derivations.truth.registry import INNER, Said, truth


@truth("right/elman_tanh.tex")
def elman_tanh(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.J("h", t, "z", t), diag(tanh_slope(n, t))
    yield 2, n.C(t), diag(tanh_slope(n, t)) @ n("W_h")
    for i in range(t):
        chain: Array = np.eye(len(n("h", 0)))
        for j in range(i + 1, t + 1):
            chain = diag(tanh_slope(n, j)) @ n("W_h") @ chain
        yield 3, n.J("h", t, "h", i), chain
    yield 4, n.G("W_h"), outer(n, at_argument(n), "h", 1)
    yield 5, n.G("W_i"), outer(n, at_argument(n), "x")
    yield 6, n.G("b_ih"), sum(at_argument(n).values())
    yield 7, n.G("W_o"), outer(n, at_score(n), "h") / n.T


@truth("right/elman_sigmoid.tex", INNER)
def elman_sigmoid(n: Simulation, t: int) -> Iterator[Said]:
    def slopes(s: int) -> Array:
        return diag(n("h", s) * (1 - n("h", s)))

    yield 1, n.C(t), slopes(t) @ n("W_h")
    carried = n("W_h").T @ slopes(t + 1) @ n.G("h", t + 1)
    yield 2, n.G("h", t), n("W_o").T @ error(n, t) / n.T + carried


@truth("right/elman_relu.tex")
def elman_relu(n: Simulation, t: int) -> Iterator[Said]:
    step = (n("z", t).real > 0).astype(float)
    yield 1, n.C(t), diag(step) @ n("W_h")
    yield 2, n.G("z", t), step * n.G("h", t)
    yield 3, n.G("W_h"), outer(n, {s: n.G("z", s) for s in every(n)}, "h", 1)


@truth("right/any_activation.tex")
def any_activation(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.C(t), diag(slope(n, t)) @ n("W_h")
    for i in range(t):
        chain: Array = np.eye(len(n("h", 0)))
        for j in range(t, i, -1):
            chain = chain @ diag(slope(n, j)) @ n("W_h")
        yield 2, n.J("h", t, "h", i), chain


@truth("right/error_at_the_argument.tex", INNER)
def error_at_the_argument(n: Simulation, t: int) -> Iterator[Said]:
    errors = {s: n.G("z", s) for s in every(n)}
    yield 1, errors[n.T], diag(slope(n, n.T)) @ n("W_o").T @ error(n, n.T) / n.T
    yield 2, errors[t], slope(n, t) * (n("W_o").T @ error(n, t) / n.T + n("W_h").T @ errors[t + 1])
    yield 3, n.G("W_h"), outer(n, errors, "h", 1)
    yield 4, n.G("W_i"), outer(n, errors, "x")
    yield 5, n.G("b_ih"), sum(errors.values())


@truth("right/softmax_cross_entropy.tex")
def softmax_cross_entropy(n: Simulation, t: int) -> Iterator[Said]:
    o = n("o", t)
    yield 1, n.J("o", t, "s", t), diag(o) - o @ o.T
    yield 2, n.J("o", t, "s", t), np.einsum("i,ij->ij", o[:, 0], np.eye(len(o)) - o[:, 0][None, :])
    yield 3, n.J("l", t, "s", t), n.J("l", t, "o", t) @ n.J("o", t, "s", t)
    yield 4, n.J("l", t, "s", t), error(n, t).T
    yield 5, n.J("l", t, "h", t), error(n, t).T @ n("W_o")


@truth("right/squared_error.tex")
def squared_error(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.J("l", t, "o", t).T, error(n, t)
    yield 2, n.J("l", t, "h", t).T, n("W_o").T @ error(n, t)
    yield 3, n.G("W_o"), outer(n, at_score(n), "h") / n.T


@truth("right/binary_cross_entropy.tex")
def binary_cross_entropy(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.J("o", t, "s", t), diag(n("o", t) * (1 - n("o", t)))
    yield 2, n.J("l", t, "s", t).T, error(n, t)
    yield 3, n.G("b_o"), sum(at_score(n).values()) / n.T


@truth("right/last_output.tex", INNER)
def last_output(n: Simulation, t: int) -> Iterator[Said]:
    last = n("W_o").T @ error(n, n.T)
    yield 1, n.G("h", n.T), last
    yield 2, n.G("h", t), n.C(t + 1).T @ n.G("h", t + 1)
    yield 3, n.G("h", t), n.P(n.T, t).T @ last
    yield 4, n.G("W_h"), outer(n, at_argument(n), "h", 1)


@truth("right/biases.tex")
def biases(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.G("b_ih"), n.G("b_hh")
    yield 2, n.G("b_ih"), sum(at_argument(n).values())
    yield 3, n.G("b_o"), sum(at_score(n).values()) / n.T


@truth("right/row_chain.tex", INNER)
def row_chain(n: Simulation, t: int) -> Iterator[Said]:
    for i in range(t):
        yield 1, n.J("l", t, "h", i), n.J("l", t, "o", t) @ n.J("o", t, "h", t) @ n.P(t, i)
    later = [n.J("l", s, "h", t) for s in range(t, n.T + 1)]
    yield 2, n.J("L", None, "h", t), np.sum(later, axis=0) / n.T
    yield 3, n.J("L", None, "h", t), n.J("l", t, "h", t) / n.T + n.J("L", None, "h", t + 1) @ n.C(t + 1)


@truth("right/vanishing.tex")
def vanishing(n: Simulation, t: int) -> Iterator[Said]:
    for i in range(t):
        chain: Array = np.eye(len(n("h", 0)))
        for j in range(i + 1, t + 1):
            chain = diag(tanh_slope(n, j)) @ n("W_h") @ chain
        yield 1, n.J("h", t, "h", i), n.P(t, i)
        yield 2, n.J("h", t, "h", i), chain


@truth("right/fonts.tex")
def fonts(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.C(t), diag(tanh_slope(n, t)) @ n("W_h")
    yield 2, n.G("W_o"), outer(n, at_score(n), "h") / n.T


@truth("right/whole_article.tex")
def whole_article(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.C(t), diag(tanh_slope(n, t)) @ n("W_h")
    yield 2, n.G("W_h"), outer(n, at_argument(n), "h", 1)
    yield 3, n.G("W_o"), outer(n, at_score(n), "h") / n.T
