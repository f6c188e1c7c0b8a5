"""The gradient of a matrix, transposed; and a gradient that is left at zero."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from verify.gradcheck.case import Case
from verify.gradcheck.result import Mistake
from verify.gradcheck.suspicion import Gradients, Seen, Suspicion

ORDER = 1


def mistakes(seen: Seen) -> Iterator[Mistake]:
    suspicions = (
        Suspicion(
            "outer product the wrong way", "transposed", _transposed,
            "in an outer product, the error signal makes the rows: δ_t h_{t−1}ᵀ", each=True,
        ),
        Suspicion("no gradient", "times zero", _zero, "is something added to it at every step?", each=True),
    )  # fmt: skip
    for suspicion in suspicions:
        found = seen.judged(suspicion)
        if found:
            yield found


def _transposed(case: Case) -> Gradients:
    return {name: array.T for name, array in case.ours.items() if array.shape[0] == array.shape[1] > 1}


def _zero(case: Case) -> Gradients:
    return {name: np.zeros_like(array) for name, array in case.ours.items()}
