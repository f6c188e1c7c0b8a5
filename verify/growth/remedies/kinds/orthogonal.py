"""Recurrent matrices replaced by the nearest orthogonal ones."""

from __future__ import annotations

import numpy as np
from scipy.linalg import polar

from derive.arithmetic import Array
from derive.cell import Reference
from derive.expr import Var
from verify.growth.remedies.case import Case
from verify.growth.remedies.remedy import PENDING, Remedy
from verify.growth.remedies.replaced import replaced

NAME = "orthogonal"
TITLE = "orthogonal recurrent matrices"
REFERENCE = Reference(
    "saxe2014", "A. M. Saxe, J. L. McClelland, S. Ganguli", 2014,
    "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", "ICLR 2014",
    "https://arxiv.org/abs/1312.6120",
)  # fmt: skip
_CHANGED = (
    "Every recurrent matrix ({names}) is replaced by its orthogonal polar factor, the orthogonal matrix nearest to it."
)


def measure(case: Case) -> Remedy:
    """Before and after; all other parameters stay."""
    return replaced(case, Remedy(NAME, TITLE, _CHANGED, REFERENCE, reason=PENDING), nearest_orthogonal)


def nearest_orthogonal(w: Var, matrix: Array) -> Array:
    """U of the polar decomposition W = U H, H ⪰ 0: no orthogonal matrix is nearer in any unitarily invariant norm
    (Fan & Hoffman 1955, theorem 1).

    A column that multiplies entry by entry stands for diag(u), whose factor is diag(sign u).
    """
    if w.shape[0] == w.shape[1]:
        return polar(matrix)[0]
    return np.where(matrix < 0, -1.0, 1.0)
