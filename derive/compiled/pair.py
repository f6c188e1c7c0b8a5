"""The recurrence of a phase by itself: a pair of passes, forwards and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from derive.compiled.generated import Generated
from derive.compiled.given import Read
from derive.compiled.pair_plan import GivenSeeds, planned_pair
from derive.compiled.phases import chained
from derive.compiled.program import names_of_sizes
from derive.compiled.reduction import STEPS
from derive.compiled.stages import Stage
from derive.compiled.three_address import Instruction
from derive.derivation import Derivation
from derive.model import Model
from derive.phase import Phase


@dataclass(frozen=True)
class Pair(Generated):
    """``forward(cache)`` and ``backward(seeds, carry)`` of one phase of a derivation: of all, where there is one."""

    model: Model
    phase: Phase
    plan: Mapping[str, Stage]

    @property
    def stages(self) -> Mapping[str, Stage]:
        return self.plan

    @cached_property
    def length(self) -> sp.Symbol:
        """What the number of steps of a piece is called."""
        return STEPS if self.phase is self.model.main else self.phase.length

    @cached_property
    def sizes(self) -> dict[sp.Symbol, str]:
        names = names_of_sizes(self.model)
        return {**names, STEPS: f"n{len(names)}"} if self.length == STEPS else names

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        """What is read of what is given, ready to be looked up; the next phase's initial states are not given."""
        starts = {f"{name}_0" for name in self.states}
        return tuple(own for own in map(Read.of, self.given) if own.key[0] != "start" or own.key[1] in starts)

    @cached_property
    def states(self) -> tuple[str, ...]:
        return tuple(state.name for state in self.phase.states)

    @cached_property
    def seeds(self) -> dict[str, Instruction]:
        """The reads that stand for the seeds of every state."""
        found = (read for read in self.stages["sweep"].inputs if read.is_read and read.operands[0] == "seed")
        return {str(read.operands[1]): read for read in found}

    @cached_property
    def carries(self) -> dict[str, Instruction]:
        """Those that stand for what the next piece sends back to every state."""
        return dict(zip(self.states, self.stages["sweep"].handed_on, strict=False))

    @cached_property
    def asked_for(self) -> tuple[Instruction, ...]:
        """Those that stand for what is asked of the first step alone: no other step reads them."""
        return self.stages["sweep"].handed_on[len(self.states) :]

    @cached_property
    def widths(self) -> dict[str, sp.Expr]:
        return {state.name: state.shape[0] for state in self.phase.states}


def pairs_of(derivation: Derivation) -> tuple[Pair, ...]:
    """Of every phase, in the order in which they run.

    Raises NotImplementedError for a node that no instruction is known for.
    """
    model = derivation.model
    stages = [planned_pair(of) for of in chained(GivenSeeds, derivation)]  # the earlier ones ask the later ones
    return tuple(Pair(model, phase, own) for phase, own in zip(model.phases, stages, strict=True))
