"""What the wrong derivations in other notations claim, as they claim it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.derivations.simulation import Array, Simulation, diag
from tests.derivations.truth.parts import (
    at_argument,
    at_score,
    by_matrix,
    entries,
    error,
    every,
    outer,
    slope,
    tanh_slope,
)
from tests.derivations.truth.registry import INNER, Said, truth


@truth("wrong/blog_xh_hh_hy.tex", INNER)
def blog(n: Simulation, t: int) -> Iterator[Said]:
    here, late = n("W_o").T @ n.G("s", t), n.G("h", t + 1)
    yield 1, n.G("s", t), error(n, t)
    yield 2, n.G("s", t), -error(n, t)
    yield 3, n.G("h", t), here + n("W_h").T @ late
    yield 4, n.G("h", t), here + n("W_h").T @ (tanh_slope(n, t) * late)
    yield 5, n.G("h", t), None
    yield 6, n.G("W_i"), outer(n, at_argument(n), "h", 1)


@truth("wrong/superscript_time.tex", INNER)
def superscript_time(n: Simulation, t: int) -> Iterator[Said]:
    late, slopes, W = n.G("h", t + 1), diag(tanh_slope(n, t + 1)), n("W_h")
    here = n("W_o").T @ n.G("s", t)
    yield 1, n.G("s", t), error(n, t)
    yield 2, n.G("h", t), W @ slopes @ late + here
    yield 3, n.G("h", t), slopes @ W.T @ late + here
    yield 4, n.G("h", t), W.T @ slopes @ late
    yield 5, n.G("W_h"), outer(n, {s: tanh_slope(n, s) * n.G("h", n.T) for s in every(n)}, "h", 1)
    yield 6, n.G("W_o"), outer(n, {s: n.G("s", s) for s in every(n) if s < n.T}, "h")


@truth("wrong/linear_powers.tex", INNER)
def linear_powers(n: Simulation, t: int) -> Iterator[Said]:
    W, V, power = n("W_h").T, n("W_o").T, np.linalg.matrix_power
    yield 1, n.G("h", t), W @ n.G("h", t + 1) + V @ n.G("o", t)
    later = range(t, n.T + 1)
    yield 2, n.G("h", t), np.sum([power(W, n.T - i + 1) @ V @ n.G("o", n.T + t - i) for i in later], axis=0)
    yield 3, n.G("h", t), np.sum([power(W, n.T - i) @ V @ n.G("o", i) for i in later], axis=0)


@truth("wrong/scalar.tex", (2, 3, 4))
def scalar(n: Simulation, t: int) -> Iterator[Said]:
    w, before, left = n("W_h"), n.J("h", t - 1, "W_h"), n.J("h", t, "W_h")
    own = tanh_slope(n, t)

    def terms(power: int, first: int) -> Array:
        return np.sum([
            w ** (t - i + power) * np.prod([tanh_slope(n, j) for j in range(i + first, t + 1)]) * n("h", i - 1)
            for i in range(1, t + 1)
        ], axis=0)  # fmt: skip

    yield 1, left, n("h", t - 1) + w * before
    yield 2, left, own * w * before
    yield 3, left, own * (n("h", t - 1) + before)
    yield 4, left, own * n("h", t - 1)
    yield 5, left, terms(0, 1)
    yield 6, left, terms(1, 0)


@truth("wrong/rtrl_entries.tex", (2, 3, 4))
def rtrl_entries(n: Simulation, t: int) -> Iterator[Said]:
    h, W, before = n("h", t - 1)[:, 0], n("W_h"), by_matrix(n, t - 1)
    size = len(h)
    one = np.einsum("ki,j->kij", np.eye(size), h)
    all_units = np.einsum("ki,j->kij", np.ones((size, size)), h)
    carried, turned = np.einsum("kl,lij->kij", W, before), np.einsum("lk,lij->kij", W, before)
    own, earlier = slope(n, t)[:, :, None], slope(n, t - 1)[:, :, None]
    yield 1, by_matrix(n, t), own * (one + turned)
    yield 2, by_matrix(n, t), own * (all_units + carried)
    yield 3, by_matrix(n, t), earlier * (one + carried)
    yield 4, by_matrix(n, t), own * (one + carried)


@truth("wrong/index_form.tex", INNER)
def index_form(n: Simulation, t: int) -> Iterator[Said]:
    _, left, right = next(entries(n, t))[:3]
    yield 1, left, right
    yield 2, left, np.asarray(right).T
    yield 3, left, outer(n, at_argument(n), "h")
    d, late = n.T * n.G("h", t), n.T * n.G("h", t + 1)
    seed = n("W_o").T @ error(n, t)
    yield 4, d, seed + n("W_h") @ (tanh_slope(n, t + 1) * late)
    yield 5, d, seed + n("W_h").T @ (tanh_slope(n, t) * late)


@truth("wrong/rows_pytorch.tex", INNER)
def rows_pytorch(n: Simulation, t: int) -> Iterator[Said]:
    W, here, late = n("W_h"), error(n, t).T @ n("W_o") / n.T, n.G("h", t + 1).T
    slopes = tanh_slope(n, t + 1).T
    left = n.G("h", t).T
    yield 1, left, here + (late * slopes) @ W
    yield 2, left, here + (late * slopes) @ W.T
    yield 3, left, here + (late @ W) * slopes
    rows = {s: at_argument(n)[s].T for s in every(n)}
    yield 4, n.G("W_h"), np.sum([rows[s].T @ n("h", s - 1).T for s in every(n)], axis=0)
    yield 5, n.G("W_h"), np.sum([n("h", s - 1) @ rows[s] for s in every(n)], axis=0)


@truth("wrong/denominator_layout.tex", INNER)
def denominator_layout(n: Simulation, t: int) -> Iterator[Said]:
    def factor(s: int) -> Array:
        return np.asarray(n("W_h").T @ diag(tanh_slope(n, s)))

    yield 1, n.C(t).T, factor(t)
    for i in range(t):
        chain: Array = np.eye(len(n("h", 0)))
        for j in range(t, i, -1):
            chain = chain @ factor(j)
        yield 2, n.J("h", t, "h", i).T, chain
    yield 3, n.G("h", t), n.J("l", t, "h", t).T / n.T + factor(t + 1).T @ n.G("h", t + 1)


@truth("wrong/notes.md", INNER)
def notes(n: Simulation, t: int) -> Iterator[Said]:
    errors = {s: n.G("z", s) for s in every(n)}
    inside = n("W_o").T @ error(n, t) / n.T + n("W_h").T @ errors[t + 1]
    yield 1, errors[t], tanh_slope(n, t + 1) * inside
    yield 2, n.G("W_h"), outer(n, errors, "h")
    yield 3, n.G("W_i"), outer(n, errors, "x")
    yield 4, n.G("W_o"), outer(n, at_score(n), "h")
