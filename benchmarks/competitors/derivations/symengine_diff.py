"""SymEngine: the same in C++; derivatives of shared parts are remembered."""

from __future__ import annotations

import numpy as np

from benchmarks.competitors.derivations._network import Arrays, unrolled
from benchmarks.competitors.derivations._symbols import distinct
from benchmarks.competitors.derivations.sympy_diff import Found

TITLE, PLACE, LIBRARY = "SymEngine, unrolled", 5, "symengine"
LIMIT = "its destructors recurse: a long chain ends the process"


def too_long(n: int, steps: int) -> bool:
    return steps > 2000


def derive(n: int, steps: int) -> Found:
    import symengine as se

    of = unrolled(n, steps, se.Symbol, se.tanh, se.Rational(1, 2))
    return Found(of, [[of.loss.diff(w) for w in row] for row in of.W_h])


def size(found: Found) -> int:
    return distinct(own for row in found.rows for own in row)


def gradient(found: Found, given: Arrays) -> np.ndarray:
    import symengine as se

    entries = [own for row in found.rows for own in row]
    n = len(found.rows)
    return np.array(se.Lambdify(found.of.symbols, entries, cse=True)(list(given.numbers()))).reshape(n, n)
