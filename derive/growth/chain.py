"""The product chain P(t, i) = c_t ⋯ c_{i+1} of a model on given sequences, factor by factor in either direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.expr import Node
from derive.growth.factors import Factors, Value, factors
from derive.growth.trajectory import Trajectory, Window
from derive.indices import value
from derive.theory import Theory
from derive.unroll import Place


@dataclass(frozen=True)
class Chain:
    """c_1 … c_T of one phase on every sequence of a batch; ``jacobian`` is the derived c_t."""

    theory: Theory
    jacobian: Node
    trajectory: Trajectory

    @property
    def steps(self) -> int:
        """T, the number of factors."""
        return self.trajectory.length

    @property
    def size(self) -> int:
        """The number of entries of the whole state: c_t is (size, size)."""
        return self.trajectory.size

    @property
    def batch(self) -> int:
        return self.trajectory.batch

    def windows(self, *, backward: bool = False) -> Iterator[tuple[Window, Factors]]:
        """The factors a window at a time, in the order of time or against it."""
        whole = self.trajectory.backward() if backward else self.trajectory.forward()
        return ((window, factors(self.jacobian, window)) for window in whole)

    def links(self, *, sequence: int = 0, backward: bool = False) -> Iterator[tuple[int, tuple[Value, ...]]]:
        """The step and the links of every factor of one sequence."""
        for window, found in self.windows(backward=backward):
            offsets, own = range(found.steps), found.of(sequence)
            for offset in reversed(offsets) if backward else offsets:
                yield window.first + offset, own[offset]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What the entries of the state are called: h_1, h_2, …; from one."""
        phase, sizes = self.trajectory.phase, self.trajectory.sizes
        heights = [(state.name, value(state.shape[0], sizes)) for state in phase.states]
        return tuple(f"{name}_{row}" for name, height in heights for row in range(1, height + 1))


def chain_of(
    derivation: Derivation, given: Mapping[Place, Array], sizes: Mapping[sp.Symbol, int], *, place: int = -1
) -> Chain:
    """The chain of the phase with the losses, or of another that is counted from the end.

    ``given`` holds parameters, initial states and inputs, as for ``unroll``.
    """
    theory = Theory(derivation.model, place)
    trajectory = Trajectory(derivation.model, theory.phase, given, sizes)
    return Chain(theory, derivation[theory.key("local.c")].rhs, trajectory)
