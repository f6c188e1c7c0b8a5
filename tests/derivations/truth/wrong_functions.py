"""What the wrong derivations in f and g claim, as they claim it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.derivations.simulation import Array, Simulation
from tests.derivations.truth.parts import LATE, W, a, b, every, inside, mean, seed, tanh_slope, total
from tests.derivations.truth.registry import Said, truth


@truth("wrong/factor_inside.tex", LATE)
def factorinside(n: Simulation, t: int) -> Iterator[Said]:
    # the sum to t has an empty product as its last term, the one to t−1 the lone term instead of it
    yield 1, a(n, t), lambda: inside(n, t, stale=True) + b(n, t) - np.eye(len(n("h", 0)))
    yield 2, a(n, t), lambda: inside(n, t, stale=False)


@truth("wrong/factor_inside_scalar.tex")
def factor_inside_scalar(n: Simulation, t: int) -> Iterator[Said]:
    w = n("W_h")

    def own(i: int) -> Array:
        return tanh_slope(n, i) * n("h", i - 1)

    def chain(i: int, put_in: Any = 1) -> Any:
        return np.prod([tanh_slope(n, j) * w * put_in for j in range(i + 1, t + 1)])

    yield 1, a(n, t), total([chain(i, own(i)) for i in range(1, t + 1)])
    yield 2, a(n, t), total([chain(i) * own(i) for i in range(1, t + 1)])


@truth("wrong/stale.tex", LATE)
def stale(n: Simulation, t: int) -> Iterator[Said]:
    power = np.linalg.matrix_power
    yield 1, a(n, t), b(n, t) + total([power(n.C(t), t - i) @ b(n, i) for i in range(1, t)])
    yield 2, a(n, t), b(n, t) + total([n.P(t, i) @ b(n, t) for i in range(1, t)])

    def mixed(j: int) -> Array:
        """The step's derivative at x_t and h_{j−1}."""
        z = n("W_h") @ n("h", j - 1) + n("W_i") @ n("x", t) + n("b_ih") + n("b_hh")
        return np.asarray((1 - np.tanh(z) ** 2) * n("W_h"))

    def chain(i: int) -> Array:
        found: Array = np.eye(len(n("h", 0)))
        for j in range(i + 1, t + 1):
            found = mixed(j) @ found
        return found

    assert np.allclose(mixed(t), n.C(t))
    yield 3, a(n, t), b(n, t) + total([chain(i) @ b(n, i) for i in range(1, t)])


@truth("wrong/three_factors.tex")
def three_factors(n: Simulation, t: int) -> Iterator[Said]:
    left = n.J("L", None, W)

    def read(s: int) -> Array:
        return n.J("o", s, "h", s)

    def lost(s: int) -> Array:
        return n.J("l", s, "o", s)

    yield 1, left, lambda: mean(n, [lost(s) @ a(n, s) for s in every(n)])
    yield 2, left, total([lost(s) @ read(s) @ a(n, s) for s in every(n)])
    yield 3, left, mean(n, [lost(s) @ read(s) @ b(n, s) for s in every(n)])
    yield 4, n.J("L", None, "W_o"), lambda: mean(n, [lost(s) @ read(s) @ n.J("o", s, "W_o") for s in every(n)])


@truth("wrong/recursion.tex", LATE)
def recursion(n: Simulation, t: int) -> Iterator[Said]:
    carried = n.C(t) @ a(n, t - 1)
    yield 1, a(n, t), b(n, t) + carried
    yield 2, a(n, t), carried
    yield 3, a(n, t), a(n, t) + carried
    yield 4, a(n, t), b(n, t)
    yield 5, a(n, t), b(n, t) + a(n, t - 1)
    yield 6, a(n, t), lambda: b(n, t) + a(n, t - 1) @ n.C(t)


@truth("wrong/total_in_sum.tex", LATE)
def total_in_sum(n: Simulation, t: int) -> Iterator[Said]:
    def paths(s: int) -> Array:
        return np.asarray(total([n.J("h", s, "h", k) @ a(n, k) for k in range(1, s + 1)]))

    left = n.J("L", None, W)
    yield 1, a(n, t), paths(t)
    yield 2, left, mean(n, [seed(n, s).T @ paths(s) for s in every(n)])
    yield 3, left, mean(n, [seed(n, s).T @ a(n, s) for s in every(n)])


@truth("wrong/unknown_symbols.tex")
def unknown_symbols(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, None, b(n, t) + n.C(t) @ a(n, t - 1)
    yield 2, a(n, t), None
    yield 3, a(n, t), None


def step(n: Simulation, x: Array, h: Array) -> Array:
    return np.tanh(n("W_h") @ h + n("W_i") @ x + n("b_ih") + n("b_hh"))


@truth("wrong/arguments.tex", LATE)
def arguments(n: Simulation, t: int) -> Iterator[Said]:
    before = step(n, n("x", t - 1), n("h", t - 2))
    yield 1, n("h", t), step(n, n("x", t), n("h", t))
    yield 2, n("h", t), step(n, n("x", t - 1), n("h", t - 1))
    yield 3, n("o", t), n("o", t - 1)
    yield 4, n("h", t), step(n, n("x", t), before)
    yield 5, n("h", t), step(n, n("x", t), step(n, n("x", t), n("h", t - 2)))
