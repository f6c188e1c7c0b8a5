"""HIPS autograd's check of its own reverse mode: a central difference along one random direction."""

from __future__ import annotations

from typing import Any

from benchmarks.competitors.checks._network import loss
from benchmarks.competitors.checks._setting import ONE, Check, Named, Setting

TITLE, PLACE, LIBRARY, LOOKS_AT = "autograd check_grads", 7, "autograd", ONE
STEP = 0.5e-6
"""Half of what autograd.test_util calls EPS."""


def prepare(setting: Setting) -> Check:
    import autograd
    import autograd.numpy as xp
    from autograd.test_util import check_grads

    names = tuple(setting.point)

    def of(*arrays: Any) -> Any:
        return loss(xp, dict(zip(names, arrays, strict=True)), setting.x, setting.y)

    def claimed() -> tuple[float, Named]:
        value, found = autograd.value_and_grad(of, tuple(range(len(names))))(*setting.point.values())
        return float(value), dict(zip(names, found, strict=True))

    check = check_grads(of, modes=["rev"], order=1)
    return Check(lambda: check(*setting.point.values()), lambda: setting.error_along(STEP), claimed)
