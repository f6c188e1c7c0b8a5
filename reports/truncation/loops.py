"""Both truncations as training loops in PyTorch, as they are printed; tests run them and compare the gradients.

``x[1] … x[T]`` and ``y[1] … y[T]`` are the inputs and targets, ``cell`` gives the next state, ``readout`` the score,
``criterion`` the loss of one step, averaged over the batch.
"""

from __future__ import annotations

from reports.document.blocks import CodeBlock

WINDOW = """\
states = [h_0.detach()]
for t in range(1, T + 1):
    h = h_0 if t < tau else states[t - tau]       # else it is a constant
    for i in range(max(t - tau, 0) + 1, t + 1):
        h = cell(x[i], h)
    (criterion(readout(h), y[t]) / T).backward()  # this loss alone
    states.append(h.detach())
"""

CHUNKS = """\
h, loss = h_0, 0
for t in range(1, T + 1):
    h = cell(x[t], h)
    loss = loss + criterion(readout(h), y[t]) / T
    if t % tau == 0 or t == T:
        loss.backward()                           # the losses of this chunk
        h, loss = h.detach(), 0                   # handed on as a constant
"""

LOOPS = {"window": WINDOW, "chunks": CHUNKS}
"""By the name of the strategy."""


def loop(name: str) -> CodeBlock:
    """The loop of a strategy."""
    return CodeBlock(LOOPS[name].rstrip(), "python")
