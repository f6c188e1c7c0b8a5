"""PyTorch's ``gradcheck`` of its own reverse mode, in its slow mode."""

from __future__ import annotations

from benchmarks.competitors.checks._case import Check, CheckCase
from benchmarks.competitors.checks._torch import loss_of

TITLE, PLACE, LIBRARY = "torch gradcheck, every entry", 5, "torch"


def prepare(case: CheckCase) -> Check:
    import torch

    loss, point = loss_of(case)
    return Check(lambda: torch.autograd.gradcheck(loss, point, fast_mode=False))


def error(case: CheckCase) -> float:
    return case.entries_error()
