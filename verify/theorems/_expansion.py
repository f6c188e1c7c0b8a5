"""a_t = b_t + c_t a_{t−1} with a_0 = 0, solved for all t; the letters act on each other, nothing commutes."""

from __future__ import annotations

from collections.abc import Iterator

from derive.indices import j, t
from derive.prover import over
from derive.sums import OrderedProduct, Sum
from derive.theory import Theory
from verify.theorem import Covering, Statement

_PREMISES = ("recursion.short", "recursion.start")


def _sum(theory: Theory, last: object) -> Sum:
    """Σ_{i=1}^{last} (c_t ⋯ c_{i+1}) b_i."""
    i = theory.early
    return Sum(OrderedProduct(theory.c(j), j, i + 1, t) @ theory.b(i), i, 1, last)


def collected(theory: Theory) -> Iterator[Statement]:
    """a_t = b_t + Σ_{i=1}^{t−1} (c_t ⋯ c_{i+1}) b_i."""
    rhs = theory.b() + _sum(theory, t - 1)
    yield Statement("expansion.collect", theory.a(), rhs, (over(t, 1, theory.length),), _PREMISES)


def absorbed(theory: Theory) -> Iterator[Statement]:
    """a_t = Σ_{i=1}^{t} (c_t ⋯ c_{i+1}) b_i, with the empty product for i = t."""
    yield Statement("expansion.absorb", theory.a(), _sum(theory, t), (over(t, 1, theory.length),), _PREMISES)


COVERINGS = (Covering("Expansion.expansion", collected), Covering("Expansion.expansion_sum", absorbed))
