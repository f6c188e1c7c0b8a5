"""SymPy: the loss of all steps in scalars, and ``diff`` by every weight.

Each derivative writes the whole chain out again, so the expressions grow with 2^T and more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy as sp

from benchmarks.competitors.derivations._network import Arrays, Scalars, unrolled
from benchmarks.competitors.derivations._symbols import distinct

TITLE, PLACE = "sympy.diff, unrolled", 6
LIMIT = "n = 3, T = 8 takes more than two minutes"


@dataclass(frozen=True)
class Found:
    of: Scalars
    rows: list[list[Any]]


def too_long(n: int, steps: int) -> bool:
    return n * steps > 8


def derive(n: int, steps: int) -> Found:
    of = unrolled(n, steps, sp.Symbol, sp.tanh, sp.Rational(1, 2))
    return Found(of, [[sp.diff(of.loss, w) for w in row] for row in of.W_h])


def size(found: Found) -> int:
    return distinct(own for row in found.rows for own in row)


def gradient(found: Found, given: Arrays) -> np.ndarray:
    return np.array(sp.lambdify(found.of.symbols, found.rows, "numpy")(*given.numbers()))
