"""What the wrong derivations in the letters a, b, c claim, as they claim it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tests.derivations.simulation import Simulation
from tests.derivations.truth.parts import (
    LATE,
    W,
    a,
    ascending,
    b,
    closed,
    delta,
    every,
    lines,
    mean,
    pairs,
    seed,
    total,
)
from tests.derivations.truth.registry import INNER, Said, truth


@truth("wrong/chain_missing_factor.tex", LATE)
def chain_missing_factor(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, t), b(n, t) + n.C(t) @ a(n, t - 1)
    yield 2, a(n, t), lines(n, t)[1]
    kept = b(n, t) + n.C(t) @ b(n, t - 1) + n.C(t) @ n.C(t - 1) @ b(n, t - 2)
    yield 3, a(n, t), kept + n.C(t) @ n.C(t - 2) @ a(n, t - 3)
    yield 4, a(n, t), lines(n, t)[3]


@truth("wrong/chain_extra_factor.tex", LATE)
def chain_extra_factor(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, t), lines(n, t)[0]
    yield 2, a(n, t), b(n, t) + n.C(t) @ b(n, t - 1) + n.C(t) @ n.C(t - 1) @ n.C(t - 2) @ a(n, t - 2)
    yield 3, a(n, t), lines(n, t)[3]
    yield 4, a(n, t), closed(n, t)


@truth("wrong/chain_order.tex", LATE)
def chain_order(n: Simulation, t: int) -> Iterator[Said]:
    c1, c2, c3 = n.C(t), n.C(t - 1), n.C(t - 2)
    start = b(n, t) + c1 @ b(n, t - 1)
    yield 1, a(n, t), b(n, t) + c1 @ a(n, t - 1)
    yield 2, a(n, t), start + c2 @ c1 @ a(n, t - 2)
    yield 3, a(n, t), lines(n, t)[2]
    yield 4, a(n, t), start + c2 @ c1 @ b(n, t - 2) + c3 @ c2 @ c1 @ a(n, t - 3)
    yield 5, a(n, t), closed(n, t)


@truth("wrong/chain_sign.tex", LATE)
def chain_sign(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, t), lines(n, t)[0]
    yield 2, a(n, t), b(n, t) + n.C(t) @ b(n, t - 1) - n.C(t) @ n.C(t - 1) @ a(n, t - 2)
    yield 3, a(n, t), lines(n, t)[1]


@truth("wrong/chain_loss.tex")
def chain_loss(n: Simulation, t: int) -> Iterator[Said]:
    left, double = n.J("L", None, W), mean(n, [seed(n, s).T @ n.P(s, i) @ b(n, i) for s, i in pairs(n)])
    yield 1, left, mean(n, [seed(n, s).T @ a(n, s) for s in every(n)])
    yield 2, left, n.T * double
    yield 3, left, double


@truth("wrong/closed_form_ends.tex")
def closed_form_ends(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, a(n, t), b(n, t) + total([n.P(t, i - 1) @ b(n, i) for i in range(1, t)])
    yield 2, a(n, t), b(n, t) + total([n.P(t - 1, i) @ b(n, i) for i in range(1, t)])
    yield 3, a(n, t), b(n, t) + closed(n, t)
    yield 4, a(n, t), b(n, t) + total([n.P(t, i) @ b(n, i) for i in range(2, t)])
    yield 5, a(n, t), total([n.P(t, i) @ b(n, i) for i in range(1, t)]) + 0 * b(n, t)


@truth("wrong/closed_form_factors.tex", (2, 3, 4))
def closed_form_factors(n: Simulation, t: int) -> Iterator[Said]:
    power = np.linalg.matrix_power
    yield 1, a(n, t), b(n, t) + total([power(n.C(t), t - i) @ b(n, i) for i in range(1, t)])
    yield 2, a(n, t), b(n, t) + total([n.P(t, i) @ b(n, t) for i in range(1, t)])
    yield 3, a(n, t), b(n, t) + total([ascending(n, t, i + 1) @ b(n, i) for i in range(1, t)])
    yield 4, a(n, t), n.C(t) @ b(n, t - 1) + n.C(t) @ n.C(t - 1) @ a(n, t - 2)
    yield 5, a(n, t), b(n, t) + total([n.C(t) @ b(n, i) for i in range(1, t)])


@truth("wrong/double_sum.tex")
def double_sum(n: Simulation, t: int) -> Iterator[Said]:
    left = n.J("L", None, W)
    double = mean(n, [seed(n, s).T @ n.P(s, i) @ b(n, i) for s, i in pairs(n)])
    yield 1, left, double
    yield 2, left, mean(n, [seed(n, s).T @ n.P(s, i) @ b(n, i) for s, i in pairs(n) if s > i])
    yield 3, left, double
    yield 4, left, mean(n, [seed(n, i).T @ n.P(s, i) @ b(n, i) for s, i in pairs(n)])


@truth("wrong/adjoint.tex", INNER)
def adjoint(n: Simulation, t: int) -> Iterator[Said]:
    left, late = n.J("L", None, W), delta(n, t + 1)
    yield 1, delta(n, n.T), seed(n, n.T)
    yield 2, delta(n, t), seed(n, t) + n.C(t + 1) @ late
    yield 3, delta(n, t), n.C(t + 1).T @ late
    yield 4, delta(n, t), seed(n, t) + n.C(t).T @ late
    yield 5, left, mean(n, [delta(n, s).T @ b(n, s) for s in every(n)])
    yield 6, left, total([delta(n, s).T @ b(n, s) for s in every(n)])


@truth("wrong/dots.tex", (3, 4))
def dots(n: Simulation, t: int) -> Iterator[Said]:
    for i in range(1, t):
        yield 1, n.J("h", t, "h", i), n.P(t, i)
        yield 2, n.J("h", t, "h", i), ascending(n, t, i + 1)
        yield 3, n.J("h", t, "h", i), n.P(t, i - 1)
    yield 4, a(n, t), closed(n, t, 2) + n.P(t, 0) @ b(n, 1)


@truth("wrong/initial_state.tex")
def initial_state(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n.J("h", t, "h", 0), n.P(t, 0)
    yield 2, n.J("h", t, "h", 0), n.P(t, 1)
    yield 3, n.G("h", 0), total([n.P(s, 0).T @ seed(n, s) for s in every(n)])
