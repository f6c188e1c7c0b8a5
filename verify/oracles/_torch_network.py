"""A problem as PyTorch's own modules: the same weights in, forward values and gradients out.

Nothing of ours is evaluated here; only the names of parameters, and where their values stand, come from the model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from derive.arithmetic import Array
from derive.expr import Var
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, value
from derive.phase import Phase
from derive.unroll import place, weight
from verify.problem import Problem
from verify.state_dict import READOUT, module_of, slots

Tensor = Any

MODULES: dict[str, tuple[str, dict[str, str]]] = {
    "RNN_TANH": ("RNN", {"nonlinearity": "tanh"}),
    "RNN_RELU": ("RNN", {"nonlinearity": "relu"}),
    "GRU": ("GRU", {}),
    "LSTM": ("LSTM", {}),
}
"""What ``cell.pytorch_module`` names: a class of ``torch.nn``, and its options."""

MAPS: dict[str, Callable[[Any, Tensor, Tensor], Tensor]] = {
    "identity": lambda torch, s, mask: s,
    "sigmoid": lambda torch, s, mask: torch.sigmoid(s),
    "relu": lambda torch, s, mask: torch.relu(s),
    "softmax": lambda torch, s, mask: torch.softmax(s, dim=-1),
    "masked_softmax": lambda torch, s, mask: torch.softmax(s + mask, dim=-1),
}
"""Output normalisations and bridges, of rows; ``mask`` is 0 or −∞."""

LOSSES: dict[str, Callable[[Any, Tensor, Tensor, Tensor, Tensor], Tensor]] = {
    "squared_error": lambda f, s, o, y, mask: f.mse_loss(o, y, reduction="sum") / 2,
    # A word outside of the vocabulary is left out: −∞ for its logit would make 0 · (−∞) of its zero target.
    "softmax_cross_entropy": lambda f, s, o, y, mask: f.cross_entropy(
        s[:, mask == 0], y[:, mask == 0], reduction="sum"
    ),
    "binary_cross_entropy": lambda f, s, o, y, mask: f.binary_cross_entropy_with_logits(s, y, reduction="sum"),
}
"""Losses of a batch of rows, from the score, the output and the target."""


@dataclass(frozen=True)
class Found:
    """What PyTorch computes: forward values at every step by our names, rows × (steps · batch); gradients by variable,
    in our shapes."""

    forward: Mapping[str, Array]
    gradients: Mapping[Var, Array]


@contextmanager
def one_thread() -> Iterator[None]:
    """Sums in one order, so that a run can be repeated to the last bit."""
    torch = import_module("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class Network:
    """The modules with a problem's weights in them; what PyTorch has no name for (h_0, F) is a tensor of its own."""

    def __init__(self, problem: Problem) -> None:
        self.torch = import_module("torch")
        self.problem, self.model, self.sizes = problem, problem.model, problem.sizes
        self.batch = problem.label["batch"]
        self.modules = {module_of(phase, self.model): self._recurrent(phase) for phase in self.model.phases}
        size = self.sizes[N_STATE], self.sizes[N_OUTPUT]
        self.modules[READOUT] = self.torch.nn.Linear(*size, dtype=self.torch.float64)
        self.mask = sum((self._given(mu)[:, 0] for mu in self.model.constants), self._zeros(size[1]))
        self.leaves = {source: self._given(source).requires_grad_() for source in problem.sources}
        self.named = [
            slot for slot in slots(self.model) if slot.name in dict(self.modules[slot.module].named_parameters())
        ]
        for slot in self.named:
            self._fill(self.modules[slot.module].get_parameter(slot.name), [self._given(p) for p in slot.parameters])
            for parameter in slot.parameters:
                del self.leaves[parameter]
        self.forward: dict[str, list[Array]] = {}

    def _recurrent(self, phase: Phase) -> Any:
        kind, options = MODULES[phase.cell.pytorch_module]
        return getattr(self.torch.nn, kind)(
            self.sizes[N_INPUT], self.sizes[N_STATE], phase.cell.layers, dtype=self.torch.float64, **options
        )

    def _fill(self, parameter: Tensor, blocks: list[Tensor]) -> None:
        with self.torch.no_grad():
            parameter.copy_(self.torch.cat(blocks).reshape(parameter.shape))

    def _given(self, variable: Var) -> Tensor:
        return self.torch.tensor(self.problem.given[place(variable)], dtype=self.torch.float64)

    def _zeros(self, size: int) -> Tensor:
        return self.torch.zeros(size, dtype=self.torch.float64)

    def run(self) -> Found:
        loss = self._loss()
        names = [(slot, self.modules[slot.module].get_parameter(slot.name)) for slot in self.named]
        tensors = [*(tensor for _, tensor in names), *self.leaves.values()]
        found = self.torch.autograd.grad(loss, tensors, allow_unused=True, materialize_grads=True)
        arrays = [tensor.numpy() for tensor in found]
        gradients = dict(zip(self.leaves, arrays[len(names) :], strict=True))
        for (slot, _), array in zip(names, arrays, strict=False):
            gradients |= dict(slot.split(array, self.sizes))
        self._record("L", loss.reshape(1, 1))
        return Found({name: np.hstack(rows) for name, rows in self.forward.items()}, gradients)

    def _loss(self) -> Tensor:
        """Phase after phase, step after step: the fed back output is known only one step at a time."""
        reached: dict[Var, Tensor] = {}
        total = self._zeros(1)
        for phase in self.model.phases:
            reached = self._start(phase, reached)
            for step in range(1, value(phase.length, self.sizes) + 1):
                self._step(phase, reached, step)
                if phase is self.model.main:
                    total = total + self._read_out(reached, step)
        return total.sum() * float(weight(self.model, self.sizes)) / self.batch

    def _start(self, phase: Phase, before: Mapping[Var, Tensor]) -> dict[Var, Tensor]:
        """The first states, (batch, n): given ones are the same for the whole batch."""
        bridged = [MAPS[self.model.bridge](self.torch, final, None) for final in before.values()]
        started = dict(zip((equation.target for equation in phase.starts), bridged, strict=True))
        leaves = {state: self.leaves[state][:, 0].expand(self.batch, -1) for state in phase.given_initially}
        return {state: {**started, **leaves}[state.at(0)] for state in phase.states}

    def _step(self, phase: Phase, reached: dict[Var, Tensor], step: int) -> None:
        """One step of the recurrent module; ``reached`` moves on."""
        state, states = self._packed(phase, reached), phase.cell.states
        _, state = self.modules[module_of(phase, self.model)](self._input(phase, reached, step)[None], state)
        kinds = state if isinstance(state, tuple) else (state,)
        layers = (layer for layer in zip(*kinds, strict=True))
        for variable, rows in zip(states, (rows for layer in layers for rows in layer), strict=True):
            reached[variable] = rows
            self._record(variable.name, rows)

    def _packed(self, phase: Phase, reached: Mapping[Var, Tensor]) -> Tensor:
        """PyTorch's state: (layers, batch, n), and a pair of those for an LSTM; ours are h¹, c¹, h², c²."""
        states, layers = phase.cell.states, phase.cell.layers
        kinds = len(states) // layers
        packed = tuple(self.torch.stack([reached[s] for s in states[kind::kinds]]) for kind in range(kinds))
        return packed if kinds > 1 else packed[0]

    def _input(self, phase: Phase, reached: Mapping[Var, Tensor], step: int) -> Tensor:
        """x_t, or F o_{t−1}."""
        back = phase.cell.feedback
        if back is None:
            (x,) = phase.cell.inputs
            return self._given(x.at(step))[..., 0].expand(self.batch, -1)
        (matrix,) = (w for w in phase.cell.parameters if w in self.leaves)
        return reached[back] @ self.leaves[matrix].T

    def _read_out(self, reached: dict[Var, Tensor], step: int) -> Tensor:
        """The loss of a step, summed over the batch; zero where the wiring has none."""
        model = self.model
        score = self.modules[READOUT](reached[model.cell.seen])
        output = MAPS[model.normalisation.name](self.torch, score, self.mask)
        if model.cell.feedback is not None:
            reached[model.cell.feedback] = output
        first, last = (value(limit, self.sizes) for limit in (model.wiring.first, model.wiring.last))
        if not first <= step <= last:
            return self._zeros(1)
        self._record(model.readout.output.target.name, output)
        target = self._given(model.readout.target.at(step))[..., 0]
        return LOSSES[model.loss.name](self.torch.nn.functional, score, output, target, self.mask)

    def _record(self, name: str, rows: Tensor) -> None:
        self.forward.setdefault(name, []).append(rows.detach().numpy().T)
