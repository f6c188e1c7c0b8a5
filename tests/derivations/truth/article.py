"""The source article: its misprints as printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from tests.derivations.simulation import Array, Simulation
from tests.derivations.truth.parts import a, b, closed, lines
from tests.derivations.truth.registry import Said, truth
from tests.derivations.truth.right_letters import three_factors


@truth("source_article.tex", (3, 4))
def article(n: Simulation, t: int) -> Iterator[Said]:
    yield 1, n("o", t), None
    for number, left, right, *_ in three_factors(n, t):
        if number < 3:
            yield number + 1, left, right
    yield 4, a(n, t), b(n, t) + n.C(t) @ a(n, t - 1)
    yield 5, a(n, t), None
    substituted, multiplied, _, again = lines(n, t)
    yield 6, a(n, t), b(n, t) + n.C(t) @ a(n, t - 1)
    yield 7, a(n, t), substituted
    yield 8, a(n, t), multiplied
    wrong = b(n, t) + n.C(t) @ b(n, t - 1) + n.C(t) @ n.C(t - 1) @ (b(n, t - 2) + a(n, t - 3))
    yield 9, a(n, t), wrong
    assert np.allclose(again, a(n, t))
    yield 10, a(n, t), closed(n, t)
    yield 11, a(n, t), closed(n, t)
    yield from _substituted(n, t)


def _substituted(n: Simulation, t: int) -> Iterator[Said]:
    """∂f(x_t, h_{t−1}, w)/∂h_{j−1}: nothing, where f is a function of h_{t−1} alone; or through the steps between."""
    steps = range(1, t + 1)
    total = {j: n.J("h", t, "h", j - 1) for j in steps}
    partial = {j: n.C(t) if j == t else 0 * n.C(t) for j in steps}
    for name, factors in (("total", total), ("partial", partial)):
        chains = [chain(factors, t, i) for i in range(1, t)]
        yield 12, a(n, t), b(n, t) + np.sum([product @ b(n, t) for product in chains], axis=0), f"{name}, behind"
        # inside: a matrix of states by parameters does not follow another one
        yield 12, a(n, t), partially(factors, b(n, t), t), f"{name}, inside"


def chain(factors: dict[int, Array], last: int, first: int) -> Array:
    found: Array = np.eye(len(factors[last]), dtype=complex)
    for j in range(last, first, -1):
        found = found @ factors[j]
    return found


def partially(factors: dict[int, Array], own: Array, t: int) -> Callable[[], Array]:
    """b_t + Σ_i ∏_j (factor_j b_t), where its shapes fit."""

    def value() -> Array:
        products = [chain({j: factors[j] @ own for j in factors}, t, i) for i in range(1, t)]
        return np.asarray(own + np.sum(products, axis=0))

    return value
