"""Recurrent matrices replaced by the identity."""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array
from derive.cell import Reference
from derive.expr import Var
from derive.growth.recurrent import multiplying
from verify.growth.remedies.case import Case
from verify.growth.remedies.remedy import PENDING, Remedy
from verify.growth.remedies.replaced import replaced

NAME = "identity"
TITLE = "the identity as recurrent matrix (IRNN)"
REFERENCE = Reference(
    "le2015", "Q. V. Le, N. Jaitly, G. E. Hinton", 2015,
    "A simple way to initialize recurrent networks of rectified linear units", "arXiv",
    "https://arxiv.org/abs/1504.00941",
)  # fmt: skip
_CHANGED = "Every recurrent matrix ({names}) is replaced by the identity; the paper's zero biases are not: they stay."
_GATED = (
    "A state is multiplied by several matrices ({names}), which lead into gates: with the identity there, a step still"
    " does not hand its state on."
)


def measure(case: Case) -> Remedy:
    """Before and after, for a cell whose every state goes through one matrix."""
    gated = [phase for phase in case.model.phases if len(multiplying(phase)) > len(phase.states)]
    if gated:
        names = ", ".join(w.name for w in multiplying(gated[-1]))
        return Remedy(NAME, TITLE, "", REFERENCE, reason=_GATED.format(names=names))
    return replaced(case, Remedy(NAME, TITLE, _CHANGED, REFERENCE, reason=PENDING), identity)


def identity(w: Var, matrix: Array) -> Array:
    """I, or the column of ones that stands for it."""
    return np.eye(len(matrix)) if w.shape[0] == w.shape[1] else np.ones_like(matrix)
