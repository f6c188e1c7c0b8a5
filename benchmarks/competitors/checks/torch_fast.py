"""PyTorch's ``gradcheck`` of its own reverse mode, in its fast mode."""

from __future__ import annotations

from benchmarks.competitors.checks._case import Check, CheckCase
from benchmarks.competitors.checks._torch import loss_of

TITLE, PLACE, LIBRARY = "torch gradcheck(fast_mode=True), one direction", 6, "torch"


def prepare(case: CheckCase) -> Check:
    import torch

    loss, point = loss_of(case)
    return Check(lambda: torch.autograd.gradcheck(loss, point, fast_mode=True))


def error(case: CheckCase) -> float:
    return case.along_error()
