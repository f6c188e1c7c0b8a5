"""A network that has run on a batch, for many runs at once: its losses, and what a backward pass needs of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from derive.arithmetic import Array
from derive.indices import value
from derive.machine import Machine, Number
from derive.track import Gradients, Track, carried
from verify.training.steps import Arrays, Letter, Letters, Steps

if TYPE_CHECKING:
    from verify.training.network import Network


class Passed(Track):
    """Columns have shape (…, B, n, K); axes in front are runs, and estimates side by side."""

    def __init__(
        self,
        network: Network,
        parameters: Mapping[str, Array],
        targets: Array,
        steps: Sequence[Letters],
        first: Letters,
    ) -> None:
        self.network, self.parameters, self.targets, self.steps = network, parameters, targets, steps
        self.earlier = [first, *({s.letter: now[s.letter] for s in network.phase.states} for now in steps)]
        self.length = len(steps)
        sizes = network.task.sizes
        self.shapes = {w.name: (value(w.shape[0], sizes), value(w.shape[1], sizes)) for w in network.phase.parameters}

    @property
    def last(self) -> Array:
        """The stacked state after the last step."""
        return self.network.together(self.earlier[-1])

    @cached_property
    def axes(self) -> int:
        """Of a value at one step."""
        return max(array.ndim for array in self.earlier[-1].values())

    def stacked(self, arrays: Sequence[Array]) -> Array:
        """Values of several steps, (steps, …); what is the same for some runs has axes of length one for them."""
        return self._aligned(np.stack(np.broadcast_arrays(*arrays)))

    def _aligned(self, array: Array) -> Array:
        return array.reshape(array.shape[0], *[1] * (self.axes + 1 - array.ndim), *array.shape[1:])

    @cached_property
    def all_steps(self) -> Letters:
        return {letter: self.stacked([now[letter] for now in self.steps]) for letter in self.steps[0]}

    @cached_property
    def all_before(self) -> Letters:
        found = {}
        for letter, first in self.earlier[0].items():
            after = self.all_steps[letter]
            found[letter] = np.concatenate([np.broadcast_to(first, after[:1].shape), after[:-1]])
        return found

    @cached_property
    def readout(self) -> Steps:
        """The steps with a loss, with the equations after the recurrence."""
        network = self.network
        chosen = slice(network.losses.start - 1, network.losses.stop - 1)
        now = {letter: array[chosen] for letter, array in self.all_steps.items()}
        now[network.task.model.readout.target.letter] = self._aligned(np.asarray(self.targets)[chosen])
        env = Steps(network.task.sizes, self.parameters, now, later=network.seeds)
        env.run(network.task.model.after)
        return env

    @property
    def loss(self) -> Array:
        """L of every run."""
        own = self.readout.now[self.network.task.model.readout.loss.target.letter]
        return self.network.weight * own[..., 0, 0].sum(axis=0).mean(axis=-1)

    def readout_gradients(self) -> Gradients:
        """∂L/∂w of the parameters that the readout alone has; no strategy changes them."""
        found = {name: self.readout.value(node) for name, node in self.network.readout.items()}
        return {name: self.network.weight * array.sum(axis=0).mean(axis=-3) for name, array in found.items()}

    @cached_property
    def _seeds(self) -> Array:
        return self.readout.value(self.network.seed)

    def seed(self, step: int) -> Array:
        if step in self.network.losses:
            return self._seeds[self.network.losses.index(step)]
        return np.zeros_like(self._seeds[0])

    def back(self, step: int, columns: Array) -> Array:
        """One column by the reverse sweep through the step; several by the matrix c_t."""
        if columns.shape[-1] > 1:
            factor = self._at(step).value(self.network.factor)
            return np.swapaxes(factor, -1, -2) @ columns
        arrived = self._swept(step, columns)
        parts = [
            np.zeros_like(columns[..., rows, :]) if node is None else arrived.value(node)
            for node, rows in self.network.arriving
        ]
        return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=-2)

    def share(self, step: int, delta: Array) -> Gradients:
        return self._shares(self._swept(step, delta), delta, self.shapes)

    def _at(self, step: int) -> Steps:
        return Steps(self.network.task.sizes, self.parameters, self.steps[step - 1], self.earlier[step - 1])

    def _swept(self, step: int, delta: Array) -> Steps:
        return self._sweep(self.steps[step - 1], self.earlier[step - 1], delta)

    def _sweep(self, now: Letters, before: Mapping[Letter, Array], delta: Array) -> Steps:
        """The reverse sweep through one step, or all of them, seeded with δ."""
        network = self.network
        deltas = {letter: delta[..., rows, :] for letter, rows in network.deltas.items()}
        env = Steps(network.task.sizes, self.parameters, {**now, **deltas}, before)
        env.run(network.sweep.named)
        return env

    def _shares(self, env: Steps, delta: Array, names: Collection[str]) -> Gradients:
        """weight · bᵀ δ, averaged over the batch."""
        found = {}
        for w, node in self.network.sweep.at_sources.items():
            if w.name in names and w.time is None:
                term = env.value(node)
                wide = np.broadcast_shapes(term.shape, (*delta.shape[:-2], 1, 1))
                found[w.name] = self.network.weight * np.broadcast_to(term, wide).mean(axis=-3)
        return found

    def estimate(self, machine: Machine, factors: Sequence[Number], names: Collection[str]) -> Arrays:
        """The same as ``derive.track.estimate``, for the named parameters: the shares of all steps at once."""
        deltas = [machine.result(own.columns) for own in carried(self, machine, factors)]
        delta = np.stack(np.broadcast_arrays(*deltas[::-1]))
        env = self._sweep(self.all_steps, self.all_before, delta)
        return {name: array.sum(axis=0) for name, array in self._shares(env, delta, names).items()}
