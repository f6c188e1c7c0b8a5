"""One step of a phase to first order: its equations differentiated once, and all that is chained from that.

The letters c_t and b_t, the three forms and the index form are readings of the same differentials; here each is
computed once, however many steps of a derivation tell of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from derive.accumulate import Backward, backward, forward, local_differentials
from derive.build import block, stack
from derive.cell import lag
from derive.expr import Node, Var, zeros
from derive.linear import Linear
from derive.phase import Phase


@dataclass(frozen=True)
class FirstOrder:
    """What the lagged states and the parameters of a step do to the states after it."""

    phase: Phase

    @cached_property
    def sources(self) -> tuple[Var, ...]:
        """Where a change can come from: the lagged states and the parameters."""
        return (*map(lag, self.phase.states), *self.phase.parameters)

    @cached_property
    def local(self) -> dict[Var, dict[Node, Linear]]:
        return local_differentials(self.phase.equations, self.sources)

    @cached_property
    def reached(self) -> dict[Var, dict[Var, Linear]]:
        """Of each source: every target that it reaches, through all paths inside the step."""
        return {source: forward(self.phase.equations, source, self.local) for source in self.sources}

    @cached_property
    def _jacobians(self) -> dict[Var, tuple[Node, ...]]:
        """The Jacobian of every state with respect to each source."""
        return {source: self._of_states(source) for source in self.sources}

    def _of_states(self, source: Var) -> tuple[Node, ...]:
        reached, size = self.reached[source], source.shape[0] * source.shape[1]
        return tuple(
            reached[state].matrix() if state in reached else zeros(state.shape[0], size) for state in self.phase.states
        )

    @cached_property
    def carried(self) -> Node:
        """c_t: a block for every pair of a state and a lagged state."""
        columns = [self._jacobians[lag(state)] for state in self.phase.states]
        return block(*zip(*columns, strict=True))

    @cached_property
    def added(self) -> dict[Var, Node]:
        """b_t of each parameter: the blocks of all states on top of each other."""
        return {w: stack(*self._jacobians[w]) for w in self.phase.parameters}

    def swept(self, seeds: Mapping[Var, Node]) -> Backward:
        """The reverse sweep through the step, from seeds at its states to the sources."""
        return backward(self.phase.equations, seeds, self.sources, self.local)
