"""HIPS autograd's ``check_grads`` of its own reverse mode: one random direction."""

from __future__ import annotations

from typing import Any

from benchmarks.competitors.checks._case import Check, CheckCase

TITLE, PLACE, LIBRARY = "autograd check_grads, one direction", 4, "autograd"


def prepare(case: CheckCase) -> Check:
    import autograd.numpy as xp
    from autograd.test_util import check_grads

    from derive.arithmetic import Floating

    point, arithmetic = case.program.point, Floating(xp)

    def loss(*arrays: Any) -> Any:
        return case.program(dict(zip(point, arrays, strict=True)), arithmetic)[0]

    return Check(lambda: check_grads(loss, modes=["rev"], order=1)(*point.values()))


def error(case: CheckCase) -> float:
    return case.along_error()
