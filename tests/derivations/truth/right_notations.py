"""Derivations of the vanilla network in the notations of textbooks, courses and blogs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.derivations.networks import sigmoid
from tests.derivations.simulation import Array, Simulation, derivative, diag
from tests.derivations.truth.parts import at_argument, by_matrix, entries, error, every, outer, slope, tanh_slope
from tests.derivations.truth.registry import INNER, Said, truth


@truth("right/blog_xh_hh_hy.tex", INNER)
def blog(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.G("s", t), error(n, t)
    yield 2, n.G("W_o"), outer(n, {s: n.G("s", s) for s in every(n)}, "h")
    carried = n("W_h").T @ (tanh_slope(n, t + 1) * n.G("h", t + 1))
    yield 3, n.G("h", t), n("W_o").T @ n.G("s", t) + carried
    yield 4, n.G("W_h"), outer(n, at_argument(n), "h", 1)
    yield 5, n.G("W_i"), outer(n, at_argument(n), "x")


@truth("right/superscript_time.tex", INNER)
def superscript_time(n: Simulation, t: int) -> Iterator[Said]:
    scores = {s: n.G("s", s) for s in every(n)}
    yield 1, scores[t], error(n, t)
    yield 2, n.G("h", n.T), n("W_o").T @ scores[n.T]
    carried = n("W_h").T @ diag(tanh_slope(n, t + 1)) @ n.G("h", t + 1)
    yield 3, n.G("h", t), carried + n("W_o").T @ scores[t]
    yield 4, n.G("b_o"), sum(scores.values())
    yield 5, n.G("b_ih"), sum(at_argument(n).values())
    yield 6, n.G("W_o"), outer(n, scores, "h")
    yield 7, n.G("W_h"), outer(n, at_argument(n), "h", 1)
    yield 8, n.G("W_i"), outer(n, at_argument(n), "x")


@truth("right/linear_powers.tex", INNER)
def linear_powers(n: Simulation, t: int) -> Iterator[Said]:
    W, V = n("W_h").T, n("W_o").T
    yield 1, n.G("h", n.T), V @ n.G("o", n.T)
    yield 2, n.G("h", t), W @ n.G("h", t + 1) + V @ n.G("o", t)
    terms = [np.linalg.matrix_power(W, n.T - i) @ V @ n.G("o", n.T + t - i) for i in range(t, n.T + 1)]
    yield 3, n.G("h", t), np.sum(terms, axis=0)
    yield 4, n.G("W_h"), outer(n, {s: n.G("h", s) for s in every(n)}, "h", 1)


@truth("right/scalar.tex")
def scalar(n: Simulation, t: int) -> Iterator[Said]:
    w = n("W_h")
    yield 1, n.J("h", t, "W_h"), tanh_slope(n, t) * (n("h", t - 1) + w * n.J("h", t - 1, "W_h"))
    yield 2, n.J("h", t, "W_i"), tanh_slope(n, t) * (n("x", t) + w * n.J("h", t - 1, "W_i"))
    terms = [
        w ** (t - i) * np.prod([tanh_slope(n, j) for j in range(i, t + 1)]) * n("h", i - 1) for i in range(1, t + 1)
    ]
    yield 3, n.J("h", t, "W_h"), np.sum(terms, axis=0)


@truth("right/rtrl_entries.tex")
def rtrl_entries(n: Simulation, t: int) -> Iterator[Said]:
    direct = np.einsum("ki,j->kij", np.eye(len(n("h", 0))), n("h", t - 1)[:, 0])
    indirect = np.einsum("kl,lij->kij", n("W_h"), by_matrix(n, t - 1))
    yield 1, by_matrix(n, t), slope(n, t)[:, :, None] * (direct + indirect)


@truth("right/rtrl_kronecker.tex")
def rtrl_kronecker(n: Simulation, t: int) -> Iterator[Said]:
    slopes = diag(tanh_slope(n, t))
    direct = np.kron(n("h", t - 1).T, slopes)
    yield 1, n.J("h", t, "W_h"), direct + slopes @ n("W_h") @ n.J("h", t - 1, "W_h")
    seeds = [n.J("h", s, "W_h").T @ n.J("l", s, "h", s).T for s in every(n)]
    yield 2, n.J("L", None, "W_h").T, np.sum(seeds, axis=0) / n.T


@truth("right/index_form.tex", INNER)
def index_form(n: Simulation, t: int) -> Iterator[Said]:
    yield from entries(n, t)


@truth("right/rows_pytorch.tex", INNER)
def rows_pytorch(n: Simulation, t: int) -> Iterator[Said]:
    def d(s: int) -> Array:
        return n.G("h", s).T

    def row(s: int) -> Array:
        return d(s) * (1 - n("h", s).T ** 2)

    yield 1, d(t), error(n, t).T @ n("W_o") / n.T + row(t + 1) @ n("W_h")
    yield 2, n.G("W_h"), np.sum([row(s).T @ n("h", s - 1).T for s in every(n)], axis=0)
    yield 3, n.G("W_i"), np.sum([row(s).T @ n("x", s).T for s in every(n)], axis=0)


@truth("right/rows_transposed.tex", INNER)
def rows_transposed(n: Simulation, t: int) -> Iterator[Said]:
    W, V = n("W_h").T, n("W_o").T

    def row(s: int) -> Array:
        return np.asarray((1 - n("h", s).T ** 2) * n.G("h", s).T)

    yield 1, n.G("W_h").T, np.sum([n("h", s - 1) @ row(s) for s in every(n)], axis=0)
    yield 2, n.G("h", t).T, error(n, t).T @ V.T / n.T + row(t + 1) @ W.T


@truth("right/denominator_layout.tex", INNER)
def denominator_layout(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.C(t).T, n("W_h").T @ diag(tanh_slope(n, t))
    for i in range(t):
        chain: Array = np.eye(len(n("h", 0)))
        for j in range(i + 1, t + 1):
            chain = chain @ n.C(j).T
        yield 2, n.J("h", t, "h", i).T, chain
    local = n.J("l", t, "h", t).T
    yield 3, n.G("h", t), local / n.T + n.C(t + 1).T @ n.G("h", t + 1)
    yield 4, local, n("W_o").T @ error(n, t)


@truth("right/course_uvw.tex")
def course_uvw(n: Simulation, t: int) -> Iterator[Said]:
    chain = n.J("l", t, "o", t) @ n.J("o", t, "s", t) @ n.J("s", t, "W_o")
    yield 1, n.J("l", t, "W_o"), chain
    yield 2, n.J("l", t, "W_o").reshape(n("W_o").shape, order="F"), error(n, t) @ n("h", t).T
    yield 3, n.J("l", 3, "W_h"), n.J("l", 3, "o", 3) @ n.J("o", 3, "h", 3) @ n.J("h", 3, "W_h")


@truth("right/sigma_prime.md", INNER)
def sigma_prime(n: Simulation, t: int) -> Iterator[Said]:
    slopes = {s: np.diagonal(derivative(sigmoid, n("z", s))).reshape(-1, 1) for s in every(n)}
    errors = {s: n.G("z", s) for s in every(n)}
    yield 1, errors[t], slopes[t] * (n("W_o").T @ error(n, t) / n.T + n("W_h").T @ errors[t + 1])
    yield 2, n.G("W_h"), outer(n, errors, "h", 1)
    yield 3, n.G("W_i"), outer(n, errors, "x")
    yield 4, slopes[t], n("h", t) * (1 - n("h", t))
