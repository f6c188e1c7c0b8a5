"""The loss in PyTorch, in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.competitors.checks._case import CheckCase


def loss_of(case: CheckCase) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """The loss as a function of all that is differentiated by, and where."""
    import torch

    torch.set_num_threads(1)
    point = case.program.point
    x, y = map(torch.tensor, case.rows)

    def loss(*arrays: Any) -> Any:
        w = dict(zip(point, arrays, strict=True))
        h, states = w["h_0"], []
        for row in x @ w["W_i"].T + (w["b_ih"] + w["b_hh"]).T:
            h = torch.tanh(row[:, None] + w["W_h"] @ h)
            states.append(h[:, 0])
        scores = torch.stack(states) @ w["W_o"].T + w["b_o"].T
        return (torch.logsumexp(scores, 1) - (y * scores).sum(1)).mean()

    return loss, tuple(torch.tensor(array, requires_grad=True) for array in point.values())
