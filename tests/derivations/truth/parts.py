"""What many of the claims are made of.  ``W`` is the recurrent parameter of a derivation in general letters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tests.derivations.simulation import Array, Simulation
from tests.derivations.truth.registry import Said

W = "W_h"
LATE = (3, 4)
"""Steps that have three before them, the initial state counted."""


def a(n: Simulation, t: int) -> Array:
    return n.J("h", t, W)


def b(n: Simulation, t: int) -> Array:
    return n.B(t, W)


def closed(n: Simulation, t: int, first: int = 1) -> Array:
    """The sum over i from ``first`` to t."""
    return np.sum([n.P(t, i) @ b(n, i) for i in range(first, t + 1)], axis=0)


def seed(n: Simulation, t: int) -> Array:
    """g_t, a column."""
    return n.J("l", t, "h", t).T


def mean(n: Simulation, terms: list[Array]) -> Array:
    return np.sum(terms, axis=0) / n.T


def every(n: Simulation) -> range:
    return range(1, n.T + 1)


def pairs(n: Simulation) -> list[tuple[int, int]]:
    return [(t, i) for t in every(n) for i in range(1, t + 1)]


def delta(n: Simulation, i: int) -> Array:
    """The gradient of the summed loss by h_i, by its definition."""
    return np.sum([n.P(t, i).T @ seed(n, t) for t in range(i, n.T + 1)], axis=0)


def lines(n: Simulation, t: int) -> list[Array]:
    """The expansion: substituted and multiplied out, twice."""
    c1, c2, c3 = n.C(t), n.C(t - 1), n.C(t - 2)
    b1, b2, b3 = b(n, t), b(n, t - 1), b(n, t - 2)
    return [
        b1 + c1 @ (b2 + c2 @ a(n, t - 2)),
        b1 + c1 @ b2 + c1 @ c2 @ a(n, t - 2),
        b1 + c1 @ b2 + c1 @ c2 @ (b3 + c3 @ a(n, t - 3)),
        b1 + c1 @ b2 + c1 @ c2 @ b3 + c1 @ c2 @ c3 @ a(n, t - 3),
    ]


def inside(n: Simulation, t: int, stale: bool) -> Array:
    """Σ_{i=1}^{t} of products whose factors are c_j b_i, or c_j b_j."""
    total = np.zeros_like(a(n, t))
    for i in range(1, t + 1):
        product: Array = np.eye(len(n("h", 0)), dtype=complex)
        for j in range(t, i, -1):
            product = product @ n.C(j) @ b(n, i if stale else j)
        total = total + product
    return total


def slope(n: Simulation, t: int) -> Array:
    """φ'(z_t), measured."""
    return np.diagonal(n.J("h", t, "z", t)).reshape(-1, 1)


def tanh_slope(n: Simulation, t: int) -> Array:
    return np.asarray(1 - n("h", t) ** 2)


def error(n: Simulation, t: int) -> Array:
    """o_t − y_t."""
    return np.asarray(n("o", t) - n("y", t))


def outer(n: Simulation, left: dict[int, Array], right: str, lag: int = 0) -> Array:
    """Σ_t left_t right_{t−lag}ᵀ."""
    return np.sum([value @ n(right, t - lag).T for t, value in left.items()], axis=0)


def at_argument(n: Simulation) -> dict[int, Array]:
    """dL/dz_t out of dL/dh_t, for tanh."""
    return {t: tanh_slope(n, t) * n.G("h", t) for t in every(n)}


def at_score(n: Simulation) -> dict[int, Array]:
    """o_t − y_t for every step."""
    return {t: error(n, t) for t in every(n)}


def by_matrix(n: Simulation, t: int) -> Array:
    """dh_{t,k}/dW_ij, indexed [k, i, j]."""
    size = len(n("h", 0))
    return n.J("h", t, "W_h").reshape(size, size, size, order="F")


def entries(n: Simulation, t: int) -> Iterator[Said]:
    delta = {s: n.T * n.G("h", s)[:, 0] for s in every(n)}
    slopes = {s: tanh_slope(n, s)[:, 0] for s in every(n)}
    for number, (name, source, lag) in enumerate((("W_h", "h", 1), ("W_i", "x", 0)), 1):
        terms = [np.einsum("i,i,j->ij", slopes[s], delta[s], n(source, s - lag)[:, 0]) for s in every(n)]
        yield number, n.G(name), np.sum(terms, axis=0) / n.T
    seed = np.einsum("lk,l->k", n("W_o"), error(n, t)[:, 0])
    yield 3, delta[t], seed + np.einsum("lk,l,l->k", n("W_h"), slopes[t + 1], delta[t + 1])


def total(terms: list[Array]) -> Any:
    return np.sum(terms, axis=0) if terms else 0


def ascending(n: Simulation, last: int, first: int) -> Array:
    """c_first … c_last."""
    found: Array = np.eye(len(n("h", 0)))
    for j in range(first, last + 1):
        found = found @ n.C(j)
    return found
