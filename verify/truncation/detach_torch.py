"""The same program in PyTorch, by ``tensor.detach()`` and gradient hooks on PyTorch's own modules.

PyTorch is imported when a network is built; where it is not installed, or has no such cell, that is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from derive.arithmetic import Array
from derive.expr import Var
from derive.phase import Phase
from derive.run import name_of
from verify.oracles._torch_network import Network, Tensor, one_thread
from verify.oracles.torch_modules import inapplicable, missing
from verify.problem import Problem
from verify.truncation.detach_plan import Tape
from verify.truncation.detach_terms import Term

__all__ = ["EVIDENCE", "Detaching", "inapplicable", "missing", "totals"]

EVIDENCE = "torch with detach"


class Detaching(Network):
    """A network that runs all steps and differentiates the losses of one tape."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.tape, self.position = Tape(()), 0

    def gradients(self, tape: Tape) -> Mapping[Var, Array]:
        """Of the sum of the weighted losses of the tape."""
        self.tape, self.position, self.forward = tape, 0, {}
        return self.run().gradients

    def _step(self, phase: Phase, reached: dict[Var, Tensor], step: int) -> None:
        """The readout of the step before has seen the states already, as they were."""
        self.position += 1
        for state, rows in reached.items():
            reached[state] = self._handed_on(rows)
        super()._step(phase, reached, step)

    def _handed_on(self, rows: Tensor) -> Tensor:
        if self.position == self.tape.detached:
            return rows.detach()
        factor = self.tape.scaled.get(self.position)
        return rows if factor is None else scaled(rows, factor)

    def _read_out(self, reached: dict[Var, Tensor], step: int) -> Tensor:
        loss = super()._read_out(reached, step)
        return loss if self.position in self.tape.losses else self._zeros(1)


def scaled(rows: Tensor, factor: float) -> Tensor:
    """A copy, whose gradient is multiplied: a hook on the state itself would scale what its own loss sends too."""
    copy = rows.clone()
    copy.register_hook(lambda gradient: factor * gradient)
    return copy


def totals(problem: Problem, plan: Sequence[Tape]) -> dict[Term, Array]:
    """The gradient of every parameter and initial state: all backward passes added up."""
    found: dict[Term, Array] = {}
    with one_thread():
        network = Detaching(problem)
        for tape in plan:
            for source, array in network.gradients(tape).items():
                term = Term(name_of(source))
                found[term] = found.get(term, 0.0) + array
    return found
