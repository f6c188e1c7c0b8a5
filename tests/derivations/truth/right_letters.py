"""Derivations in f and g, or in the letters a, b, c."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.derivations.simulation import Simulation
from tests.derivations.truth.parts import LATE, W, a, b, closed, delta, every, inside, lines, mean, pairs, seed
from tests.derivations.truth.registry import INNER, Said, truth


@truth("right/three_factors.tex")
def three_factors(n: Simulation, t: int) -> Iterator[Said]:
    left = n.J("L", None, W)
    yield 1, left, mean(n, [n.J("l", s, W) for s in every(n)])
    yield 2, left, mean(n, [n.J("l", s, "o", s) @ n.J("o", s, "h", s) @ a(n, s) for s in every(n)])
    yield 3, n.J("L", None, "W_o"), mean(n, [n.J("l", s, "o", s) @ n.J("o", s, "W_o") for s in every(n)])


@truth("right/recursion.tex")
def recursion(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, t), b(n, t) + n.C(t) @ a(n, t - 1)
    yield 2, a(n, t), b(n, t) + n.C(t) @ a(n, t - 1)


@truth("right/expansion.tex", LATE)
def expansion(n: Simulation, t: int) -> Iterator[Said]:
    for number, line in enumerate(lines(n, t), 1):
        yield number, a(n, t), line
    yield 5, a(n, t), b(n, t) + np.sum([n.P(t, i) @ b(n, i) for i in range(1, t)], axis=0)


@truth("right/expansion_dots.tex", (4,))
def expansion_dots(n: Simulation, t: int) -> Iterator[Said]:
    c = {s: n.C(s) for s in every(n)}
    yield 1, a(n, 4), b(n, 4) + c[4] @ b(n, 3) + c[4] @ c[3] @ b(n, 2) + c[4] @ c[3] @ c[2] @ b(n, 1)
    yield 2, n.J("h", 4, "h", 1), c[4] @ c[3] @ c[2]


@truth("right/closed_form.tex")
def closed_form(n: Simulation, t: int) -> Iterator[Said]:
    lone = b(n, t) + np.sum([n.P(t, i) @ b(n, i) for i in range(1, t)], axis=0)
    yield 1, a(n, t), lone
    yield 2, a(n, t), closed(n, t)
    yield 3, a(n, t), lone


@truth("right/bare_product.tex")
def bare_product(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, t), closed(n, t), "behind"
    yield 1, a(n, t), lambda: inside(n, t, stale=True), "inside"


@truth("right/descending_product.tex")
def descending_product(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, t), closed(n, t)
    for i in range(t):
        yield 2, n.J("h", t, "h", i), n.P(t, i)


@truth("right/double_sum.tex")
def double_sum(n: Simulation, t: int) -> Iterator[Said]:
    left = n.J("L", None, W)
    double = mean(n, [seed(n, s).T @ n.P(s, i) @ b(n, i) for s, i in pairs(n)])
    yield 1, left, mean(n, [seed(n, s).T @ a(n, s) for s in every(n)])
    yield 2, left, double
    yield 3, left, double


@truth("right/initial_state.tex")
def initial_state(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.J("h", 0, "h", 0), np.eye(len(n("h", 0)))
    yield 2, n.J("h", t, "h", 0), n.C(t) @ n.J("h", t - 1, "h", 0)
    yield 3, n.J("h", t, "h", 0), n.P(t, 0)
    yield 4, n.G("h", 0), mean(n, [n.P(s, 0).T @ seed(n, s) for s in every(n)])


@truth("right/three_steps.tex", (3,))
def three_steps(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, 1), b(n, 1)
    yield 2, a(n, 2), b(n, 2) + n.C(2) @ b(n, 1)
    yield 3, a(n, 3), b(n, 3) + n.C(3) @ a(n, 2)
    yield 4, a(n, 3), b(n, 3) + n.C(3) @ b(n, 2) + n.C(3) @ n.C(2) @ b(n, 1)


@truth("right/adjoint.tex", INNER)
def adjoint(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, delta(n, n.T), seed(n, n.T)
    yield 2, delta(n, t), seed(n, t) + n.C(t + 1).T @ delta(n, t + 1)
    yield 3, n.J("L", None, W), mean(n, [delta(n, i).T @ b(n, i) for i in every(n)])


@truth("right/truncated.tex", (2, 3, 4))
def truncated(n: Simulation, t: int) -> Iterator[Said]:
    for k in range(1, t + 1):
        yield 1, a(n, t), closed(n, t, t - k + 1) + n.P(t, t - k) @ a(n, t - k)
    yield 2, a(n, t), b(n, t) + n.C(t) @ b(n, t - 1) + n.C(t) @ n.C(t - 1) @ a(n, t - 2)


@truth("right/immediate_partial.tex")
def immediate_partial(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.J("L", None, W), np.sum([n.J("l", s, W) for s in every(n)], axis=0)
    paths = [n.J("l", t, "h", t) @ n.J("h", t, "h", k) @ b(n, k) for k in range(1, t + 1)]
    yield 2, n.J("l", t, W), np.sum(paths, axis=0)
    for k in range(t):
        yield 3, n.J("h", t, "h", k), n.P(t, k)


@truth("right/total_derivative.tex")
def total_derivative(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, t), b(n, t) + n.C(t) @ a(n, t - 1)
    yield 2, n.J("L", None, W), mean(n, [seed(n, s).T @ a(n, s) for s in every(n)])


@truth("right/evaluation_bar.tex")
def evaluation_bar(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, t), b(n, t) + n.C(t) @ a(n, t - 1)


@truth("right/subscript_operator.tex")
def subscript_operator(n: Simulation, t: int) -> Iterator[Said]:
    yield from total_derivative(n, t)


@truth("right/copies.tex")
def copies(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.G(W), np.sum([n.G(W, s) for s in every(n)], axis=0)


@truth("right/star_and_times.tex", (2, 3, 4))
def star_and_times(n: Simulation, t: int) -> Iterator[Said]:
    twice = b(n, t) + n.C(t) @ b(n, t - 1) + n.C(t) @ n.C(t - 1) @ a(n, t - 2)
    yield 1, a(n, t), twice
    yield 2, a(n, t), twice
    yield 3, a(n, t), b(n, t) + n.C(t) @ a(n, t - 1)


@truth("right/chinese.tex")
def chinese(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, t), b(n, t) + n.C(t) @ a(n, t - 1)
    yield 2, a(n, t), closed(n, t)


@truth("right/unmarked_partial.tex", LATE)
def unmarked_partial(n: Simulation, t: int) -> Iterator[Said]:
    for name, last in (("immediate", b), ("total", a)):
        paths = np.sum([n.J("h", t, "h", k) @ last(n, k) for k in range(1, t + 1)], axis=0)
        yield 1, a(n, t), paths, name
        yield 2, n.J("l", t, W), seed(n, t).T @ paths, name
