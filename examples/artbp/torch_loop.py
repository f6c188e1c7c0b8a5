"""ARTBP in PyTorch, with ``detach`` and a gradient hook:  python torch_loop.py

(Tallec & Ollivier 2017, https://arxiv.org/abs/1705.08209.)  After every step the state is detached with the chance
kappa; where it is not, the gradient that comes back over the link is divided by 1 − kappa.

The hook is on a copy of the state that the next step alone reads.  On the state itself it would divide what the loss of
the step itself sends as well, and the mean would no longer be the full gradient.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

UNITS, DELAY, STEPS, BATCH, ITERATIONS, RATE, LENGTH = 16, 3, 40, 4, 600, 0.003, 10


def handed_on(h: Tensor, cut: bool, kappa: float) -> Tensor:
    """The state as the next step gets it."""
    if cut:
        return h.detach()
    link = h.clone()
    if link.requires_grad:
        link.register_hook(lambda grad: grad / (1 - kappa))
    return link


def outputs(
    cell: nn.RNNCell, readout: nn.Linear, h: Tensor, inputs: Tensor, cuts: Sequence[bool], kappa: float
) -> tuple[Tensor, Tensor]:
    """Outputs (T, B, q) for inputs (T, B, m), and the last state.

    ``cuts`` are the decisions after every step but the last.
    """
    found = []
    for t, x in enumerate(inputs):
        if t > 0:
            h = handed_on(h, cuts[t - 1], kappa)
        h = cell(x, h)
        found.append(readout(h))
    return torch.stack(found), h


def train(kappa: float = 1 / LENGTH, iterations: int = ITERATIONS, seed: int = 0) -> list[float]:
    """The loss of every iteration on a stream; each input has to be repeated ``DELAY`` steps later."""
    torch.manual_seed(seed)
    cell, readout = nn.RNNCell(1, UNITS), nn.Linear(UNITS, 1)
    optimiser = torch.optim.Adam([*cell.parameters(), *readout.parameters()], lr=RATE)
    loss_of: Callable[[Tensor, Tensor], Tensor] = nn.MSELoss()
    h, recent, losses = torch.zeros(BATCH, UNITS), torch.zeros(DELAY, BATCH, 1), []
    for _ in range(iterations):
        seen = torch.cat([recent, 2 * torch.rand(STEPS, BATCH, 1) - 1])
        cuts = (torch.rand(STEPS - 1) < kappa).tolist()
        found, h = outputs(cell, readout, h.detach(), seen[DELAY:], cuts, kappa)
        loss, recent = loss_of(found, seen[:-DELAY]), seen[-DELAY:]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return losses


if __name__ == "__main__":
    found = train()
    part = ITERATIONS // 8
    for first in range(0, ITERATIONS, part):
        print(f"iterations from {first:4d}: loss {sum(found[first : first + part]) / part:.4f}")
