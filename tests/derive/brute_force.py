"""The prover's oracle: both sides at every small point, with random 2×2 integers that do not commute, exactly.

Letters: ``b c g u v r`` are free; ``a`` and ``d`` obey the recurrences of the derivation in a ``world``; ``e`` is b
before the last step and anything at it; ``l`` is the mean of g_tᵀ a_t.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product as cartesian

import numpy as np
import sympy as sp

from derive.evaluate import evaluate
from derive.expr import Node, Var
from derive.indices import S, T, dimension, i, j, k, s
from derive.prover.domain import Constraint, Domain, at_least
from derive.prover.facts import Fact, assumptions
from derive.sums import OrderedProduct
from derive.unroll import Table

N = dimension("n")
LOW, HIGH = -9, 16
POINTS = range(6)
ALSO_NEGATIVE = range(-2, 6)
UNASKED = {i: 2, j: 0, k: 3, s: 1}
"""A free index without a range may be any number; so it may be this one."""


def letter(name: str, time: sp.Expr | int) -> Var:
    return Var(name, N, N, time)


def a(time: sp.Expr | int) -> Var:
    return letter("a", time)


def b(time: sp.Expr | int) -> Var:
    return letter("b", time)


def c(time: sp.Expr | int) -> Var:
    return letter("c", time)


def chain(last: sp.Expr | int, first: sp.Expr | int, index: sp.Symbol = j) -> OrderedProduct:
    """c_last ⋯ c_first."""
    return OrderedProduct(c(index), index, first, last)


class Exact:
    """Integers of any size, and fractions, so that nothing is ever rounded."""

    def filled(self, value: sp.Expr, rows: int, cols: int) -> np.ndarray:
        return np.full((rows, cols), self.scalar(value), dtype=object)

    def identity(self, size: int) -> np.ndarray:
        return np.array([[int(r == q) for q in range(size)] for r in range(size)], dtype=object)

    def scalar(self, value: sp.Expr) -> object:
        return int(value) if value.is_Integer else value

    def transpose(self, x: np.ndarray) -> np.ndarray:
        return x.swapaxes(-1, -2)


Values = dict[tuple[str, str, int | None], np.ndarray]


def numbers(seed: int) -> Values:
    """Every letter at every time, at random."""
    rng = np.random.default_rng(seed)

    def some(cols: int = 2) -> np.ndarray:
        return rng.integers(-2, 3, (2, cols)).astype(object)

    values: Values = {(name, "inner", q): some() for name in "abcdegu" for q in range(LOW, HIGH)}
    values |= {("v", "inner", q): some(1) for q in range(LOW, HIGH)}
    return values | {(name, "inner", None): some() for name in "lr"}


NUMBERS = [numbers(seed) for seed in (0, 1)]


def table(values: Values) -> Table:
    return Table({N: 2}, dict(values), Exact())  # type: ignore[arg-type]


def meaning(node: Node, at: dict[sp.Symbol, int], seed: int) -> np.ndarray:
    return evaluate(node, table(NUMBERS[seed]), {**UNASKED, **at})


def satisfies(at: dict[sp.Symbol, int], constraints: Sequence[Constraint]) -> bool:
    """Whether a point meets the constraints; one on an index that it does not give is not asked for."""
    known: dict[sp.Symbol | None, int] = {None: 0, **at}
    return all(known[x] - known[y] >= gap for x, y, gap in constraints if x in known and y in known)


def admissible(
    domain: Domain, free: Sequence[sp.Symbol], points: Sequence[int] = POINTS
) -> Iterator[dict[sp.Symbol, int]]:
    """The small points of a domain."""
    for point in cartesian(points, repeat=len(free)):
        at = dict(zip(free, point, strict=True))
        if satisfies(at, domain.constraints):
            yield at


def differs(left: Node, right: Node, domain: Domain, free: Sequence[sp.Symbol]) -> dict[sp.Symbol, int] | None:
    """A point at which two expressions of free letters differ."""
    for at in admissible(domain, free):
        for seed in range(len(NUMBERS)):
            if not np.array_equal(meaning(left, at, seed), meaning(right, at, seed)):
                return at
    return None


def where(*ranges: tuple[sp.Symbol, sp.Expr | int, sp.Expr | int]) -> Domain:
    """T ≥ 1 and some ranges."""
    domain = Domain((at_least(T, sp.Integer(1)),))
    for index, lower, upper in ranges:
        domain = domain.with_range(index, sp.sympify(lower), sp.sympify(upper))
    return domain


@cache
def world(length: int, start: str, seed: int) -> Table:
    """Values that obey a_0 = start, a_t = b_t + c_t a_{t−1}, d_T = g_T, d_t = g_t + c_{t+1}ᵀ d_{t+1} for T = length."""
    values = numbers(seed)

    def at(name: str, time: int) -> np.ndarray:
        return values[name, "inner", time]

    begin = {"zero": 0 * at("a", 0), "identity": Exact().identity(2), "r": values["r", "inner", None]}
    values["a", "inner", 0] = begin[start]
    for q in range(1, length + 1):
        values["a", "inner", q] = at("b", q) + at("c", q) @ at("a", q - 1)
    values["d", "inner", length] = at("g", length)
    for q in range(length - 1, 0, -1):
        values["d", "inner", q] = at("g", q) + at("c", q + 1).T @ at("d", q + 1)
        values["e", "inner", q] = at("b", q)
    total = sum(at("g", q).T @ at("a", q) for q in range(1, length + 1))
    values["l", "inner", None] = total * sp.Rational(1, length)
    return table(values)


def fails(fact: Fact, start: str = "zero") -> dict[sp.Symbol, int] | None:
    """A small point of a fact's range at which it is false in a world that obeys the recurrences."""
    indices = [own.index for own in fact.where]
    lengths = [T, S] if S in fact.lhs.free_symbols | fact.rhs.free_symbols else [T]
    for at in admissible(assumptions(fact.where), list(dict.fromkeys([*indices, *lengths])), ALSO_NEGATIVE):
        for seed in range(len(NUMBERS)):
            values = world(at[T], start, seed)
            full = {**UNASKED, **at}
            if not np.array_equal(evaluate(fact.lhs, values, full), evaluate(fact.rhs, values, full)):
                return at
    return None
