"""CasADi's SX: every step in scalars, and reverse mode."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.competitors.derivations import _casadi
from benchmarks.competitors.derivations._network import Arrays

TITLE, PLACE, LIBRARY = "CasADi SX, unrolled", 2, "casadi"


def too_long(n: int, steps: int) -> bool:
    return False


def derive(n: int, steps: int) -> Any:
    return _casadi.function("SX", n, steps)


def size(found: Any) -> int:
    return int(found.n_instructions())


def gradient(found: Any, given: Arrays) -> np.ndarray:
    return _casadi.value(found, given)
