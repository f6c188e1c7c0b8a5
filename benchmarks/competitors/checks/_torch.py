"""PyTorch's ``gradcheck``, in both modes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from benchmarks.competitors.checks._network import loss
from benchmarks.competitors.checks._setting import Check, Named, Setting

STEP = 1e-6
"""What torch.autograd.gradcheck takes unless it is told otherwise."""


def prepared(setting: Setting, fast: bool) -> Check:
    import torch

    torch.set_num_threads(1)
    xp = SimpleNamespace(tanh=torch.tanh, stack=torch.stack, log=torch.log, exp=torch.exp)
    x, y, names = torch.tensor(setting.x), torch.tensor(setting.y), tuple(setting.point)
    point = tuple(torch.tensor(array, requires_grad=True) for array in setting.point.values())

    def of(*arrays: Any) -> Any:
        return loss(xp, dict(zip(names, arrays, strict=True)), x, y)

    def claimed() -> tuple[float, Named]:
        value = of(*point)
        found = torch.autograd.grad(value, point)
        return value.item(), {name: array.numpy() for name, array in zip(names, found, strict=True)}

    def error() -> float:
        return setting.error_along(STEP) if fast else setting.error(setting.differences(STEP))

    return Check(lambda: torch.autograd.gradcheck(of, point, fast_mode=fast), error, claimed)
