"""What a backward pass needs of a network that has run on a sequence: errors, factors, and shares of the parameters."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from derive.arithmetic import Array
from derive.machine import Machine, Number

Gradients = dict[str, Array]
"""By the parameter's name, in its shape; axes in front are runs."""


class Track(ABC):
    """A chain of steps 1 … N on one batch of sequences, through an encoder and a decoder where there are both.

    Columns have shape (…, B, n, K): runs, sequences, rows of the stacked state, columns of a machine.
    """

    length: int
    """N, the number of steps of all phases together."""
    shapes: Mapping[str, tuple[int, int]]
    """Of every parameter of a recurrence, by name."""

    @abstractmethod
    def seed(self, step: int) -> Array:
        """g of a step, (B, n, 1)."""

    @abstractmethod
    def back(self, step: int, columns: Array) -> Array:
        """c_stepᵀ applied to columns: what arrives at the state before the step, (…, B, n, K)."""

    def forward(self, step: int, columns: Array) -> Array:
        """c_step applied to columns: from the state before the step to the state after it."""
        raise NotImplementedError

    @abstractmethod
    def share(self, step: int, delta: Array) -> Gradients:
        """weight · b_stepᵀ δ averaged over the batch, for δ (…, B, n, 1): what one step adds to every gradient of a
        parameter of its recurrence."""

    def initial(self, step: int) -> Mapping[str, slice]:
        """The given initial states that stand before a step, with their rows in the stacked state."""
        return {}

    def before(self, step: int, columns: Array) -> Array:
        """The same as ``back``, but at the initial state of the step's own phase where there is an earlier phase."""
        return self.back(step, columns)

    def at_start(self, delta: Array) -> Array:
        """weight · δ averaged over the batch: the gradient of an initial state from what arrives there."""
        raise NotImplementedError

    def gathered(self, deltas: Iterator[tuple[Arrived, Array]]) -> Gradients:
        """The shares of all steps added up; ``deltas`` are δ̃ (…, B, n, 1) where they arrive."""
        total: Gradients = {}
        for own, delta in deltas:
            if own.initial:
                found = {name: self.at_start(delta[..., rows, :]) for name, rows in self.initial(own.step).items()}
            else:
                found = self.share(own.step, delta)
            for name, array in found.items():
                total[name] = total[name] + array if name in total else array
        return total


@dataclass(frozen=True)
class Arrived:
    """The columns at a step, or at the initial state before it (``initial``)."""

    step: int
    columns: Array
    initial: bool = False


def carried(track: Track, machine: Machine, factors: Sequence[Number] | Mapping[int, Number]) -> Iterator[Arrived]:
    """The backward pass D_i = g_i s + c_{i+1}ᵀ D_{i+1} M_{i+1}, from step N to step 1, and initial states on the way.

    ``factors[j]`` is ξ_j of the link from step j to j − 1, a number, or one for every run, (R, 1, 1, 1).
    """
    columns = machine.start(track.seed(track.length))
    for step in range(track.length, 0, -1):
        yield Arrived(step, columns)
        if track.initial(step):
            yield Arrived(step, machine.passed(track.before(step, columns), factors[step]), initial=True)
        if step > 1:
            columns = machine.passed(track.back(step, columns), factors[step])
            columns = columns + machine.start(track.seed(step - 1))


def estimate(track: Track, machine: Machine, factors: Sequence[Number] | Mapping[int, Number]) -> Gradients:
    """Σ_t Σ_{i≤t} ω(t, i) b_iᵀ P(t, i)ᵀ g_t for every parameter of the recurrence, by one backward pass."""
    return track.gathered((own, machine.result(own.columns)) for own in carried(track, machine, factors))


def omitted(track: Track, factors: Sequence[Number] | Mapping[int, Number]) -> Gradients:
    """What a strategy of links leaves out: the full gradient minus its estimate, without forming their difference.

    e_i = δ_i − δ̃_i obeys e_i = c_{i+1}ᵀ (ξ_{i+1} e_{i+1} + (1 − ξ_{i+1}) δ_{i+1}), and starts from zero; where
    nothing is cut it stays zero exactly.
    """
    return track.gathered(_omitted(track, factors))


def _omitted(
    track: Track, factors: Sequence[Number] | Mapping[int, Number]
) -> Iterator[tuple[Arrived, Array]]:  # fmt: skip
    delta = track.seed(track.length)
    error = 0 * delta
    for step in range(track.length, 0, -1):
        yield Arrived(step, error), error
        leaving = factors[step] * error + (1 - factors[step]) * delta
        if track.initial(step):
            yield Arrived(step, error, initial=True), track.before(step, leaving)
        if step > 1:
            error = track.back(step, leaving)
            delta = track.seed(step - 1) + track.back(step, delta)
