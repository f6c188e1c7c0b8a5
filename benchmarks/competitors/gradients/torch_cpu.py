"""PyTorch on the processor: ``nn.RNN``, ``nn.GRU``, ``nn.LSTM``, a linear layer, and its backward pass."""

from __future__ import annotations

from typing import Any

from benchmarks.competitors.gradients._prepared import Named, Prepared, classes, stacked, starts, unstacked
from benchmarks.measuring.case import Case

TITLE, PLACE, LIBRARY = "torch CPU", 2, "torch"


def prepare(case: Case) -> Prepared:
    import torch

    torch.set_num_threads(1)
    module = getattr(torch.nn, case.cell.upper())(case.hidden, case.hidden, dtype=torch.float64)
    layer = torch.nn.Linear(case.hidden, case.hidden, dtype=torch.float64)
    slots = {name: f"{name}_l0" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
    own = {name: getattr(module, slot) for name, slot in slots.items()}
    own |= {"weight_o": layer.weight, "bias_o": layer.bias}
    with torch.no_grad():
        for name, array in stacked(case).items():
            own[name].copy_(torch.as_tensor(array))
    start = {name: torch.tensor(array, requires_grad=True) for name, array in starts(case).items()}
    x, targets = torch.tensor(case.x), torch.tensor(classes(case))
    leaves = (*own.values(), *start.values())

    def work() -> tuple[Any, ...]:
        first = [state.expand(1, case.batch, -1).contiguous() for state in start.values()]
        seen = module(x, first[0] if len(first) == 1 else tuple(first))[0]
        loss = torch.nn.functional.cross_entropy(layer(seen).reshape(case.rows, -1), targets)
        return loss, torch.autograd.grad(loss, leaves)

    def read(found: Any) -> tuple[float, Named]:
        loss, gradients = found[0].item(), [array.numpy() for array in found[1]]
        by_name = dict(zip((*own, *(f"{name}_0" for name in start)), gradients, strict=True))
        return loss, unstacked(case, by_name) | {f"{name}_0": by_name[f"{name}_0"] for name in start}

    return Prepared(work, read)
