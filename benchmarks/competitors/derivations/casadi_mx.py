"""CasADi's MX: every step in matrices, and reverse mode."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.competitors.derivations import _casadi
from benchmarks.competitors.derivations._network import Arrays

TITLE, PLACE, LIBRARY = "CasADi MX, unrolled", 3, "casadi"


def too_long(n: int, steps: int) -> bool:
    return False


def derive(n: int, steps: int) -> Any:
    return _casadi.function("MX", n, steps)


def size(found: Any) -> int:
    return int(found.n_instructions())


def gradient(found: Any, given: Arrays) -> np.ndarray:
    return _casadi.value(found, given)
