"""How far rounding may carry a computed value: measured, not guessed.

Every given number is multiplied by 1 + uξ, ξ uniform in ±1, and the computation is repeated: the spread shows how the
problem at hand amplifies relative errors (Monte Carlo arithmetic; Parker, Pierce & Eggert 2000).  u is ε√N for N
roundings in a row, the growth of a random walk (Higham & Mary 2019).  The tolerance is a fixed multiple of the
largest spread: an estimate with a wide margin, not a bound, and it is printed with every verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from derive.arithmetic import Array

EPS = float(np.finfo(float).eps)
MARGIN = 16.0
SAMPLES = 4
UNDECIDED = 1e-3
"""A tolerance above this share of the block's scale decides nothing."""

Key = TypeVar("Key")
Values = Mapping[Key, Array]


def amplitude(roundings: int) -> float:
    """ε√N, and never less than ε."""
    return EPS * float(np.sqrt(max(roundings, 1)))


def shaken(given: Values[Key], size: float, rng: np.random.Generator) -> dict[Key, Array]:
    """The same values with relative errors of at most ``size``."""
    return {key: array * (1 + size * rng.uniform(-1, 1, size=np.shape(array))) for key, array in given.items()}


def spreads(compute: Callable[[Values[Key]], dict[str, Array]], given: Values[Key], size: float) -> dict[str, float]:
    """The largest change of each block of ``compute(given)`` over a few shaken inputs (seeded)."""
    rng = np.random.default_rng(20000)
    exact = compute(given)
    worst = dict.fromkeys(exact, 0.0)
    for _ in range(SAMPLES):
        for name, array in compute(shaken(given, size, rng)).items():
            worst[name] = max(worst[name], float(np.max(np.abs(array - exact[name]), initial=0.0)))
    return worst


def tolerance(spread: float, scale: float, size: float) -> float:
    """The absolute difference that rounding explains, for a block of the given scale."""
    return MARGIN * (spread + size * scale)
