"""a_t = b_t + c_t a_{t−1} with a_0 = 0, solved for all t; the c_t act, and nothing commutes."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp

from derive.indices import j, s, t
from derive.prover import over
from derive.sums import OrderedProduct, Sum
from derive.theory import Theory
from verify.theorem import Covering, Statement

_RECURRENCE = ("recursion.short",)
_PREMISES = (*_RECURRENCE, "recursion.start")


def _sum(theory: Theory, first: sp.Expr | int, last: sp.Expr) -> Sum:
    """Σ_{i=first}^{last} (c_t ⋯ c_{i+1}) b_i."""
    i = theory.early
    return Sum(OrderedProduct(theory.c(j), j, i + 1, t) @ theory.b(i), i, first, last)


def unrolled_once(theory: Theory) -> Iterator[Statement]:
    """a_t = b_t + c_t b_{t−1} + c_t c_{t−1} a_{t−2}."""
    a, b, c = theory.a, theory.b, theory.c
    rhs = b(t) + c(t) @ b(t - 1) + c(t) @ c(t - 1) @ a(t - 2)
    yield Statement("expansion.distribute1", a(t), rhs, (over(t, 2, theory.length),), _RECURRENCE)


def unrolled_twice(theory: Theory) -> Iterator[Statement]:
    """a_t = b_t + c_t b_{t−1} + c_t c_{t−1} b_{t−2} + c_t c_{t−1} c_{t−2} a_{t−3}."""
    a, b, c = theory.a, theory.b, theory.c
    rhs = b(t) + c(t) @ b(t - 1) + c(t) @ c(t - 1) @ b(t - 2) + c(t) @ c(t - 1) @ c(t - 2) @ a(t - 3)
    yield Statement("expansion.distribute2", a(t), rhs, (over(t, 3, theory.length),), _RECURRENCE)


def stopped(theory: Theory) -> Iterator[Statement]:
    """a_t = b_t + Σ_{i=s+1}^{t−1} (c_t ⋯ c_{i+1}) b_i + (c_t ⋯ c_{s+1}) a_s."""
    rhs = theory.b() + _sum(theory, s + 1, t - 1) + OrderedProduct(theory.c(j), j, s + 1, t) @ theory.a(s)
    where = (over(t, 1, theory.length), over(s, 0, t - 1))
    yield Statement("expansion.stop", theory.a(), rhs, where, _RECURRENCE)


def collected(theory: Theory) -> Iterator[Statement]:
    """a_t = b_t + Σ_{i=1}^{t−1} (c_t ⋯ c_{i+1}) b_i."""
    rhs = theory.b() + _sum(theory, 1, t - 1)
    yield Statement("expansion.collect", theory.a(), rhs, (over(t, 1, theory.length),), _PREMISES)


def absorbed(theory: Theory) -> Iterator[Statement]:
    """a_t = Σ_{i=1}^{t} (c_t ⋯ c_{i+1}) b_i, with the empty product for i = t."""
    yield Statement("expansion.absorb", theory.a(), _sum(theory, 1, t), (over(t, 1, theory.length),), _PREMISES)


COVERINGS = (
    Covering("Expansion.unrolled_once", unrolled_once),
    Covering("Expansion.unrolled_twice", unrolled_twice),
    Covering("Expansion.expansion_stop", stopped),
    Covering("Expansion.expansion", collected),
    Covering("Expansion.expansion_sum", absorbed),
)
