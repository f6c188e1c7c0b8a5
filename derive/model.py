"""A model: a cell, a readout with its loss, and a wiring.  All that an oracle may be told."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from derive import registry
from derive.cell import Cell, Equation, Reference, lag
from derive.errors import InputError
from derive.expr import ONE, Var
from derive.loss import Loss, Readout, readout
from derive.wiring import Wiring


@dataclass(frozen=True)
class Model:
    """The forward equations of a whole network, of any length."""

    cell: Cell
    loss: Loss
    wiring: Wiring

    @cached_property
    def readout(self) -> Readout:
        return readout(self.output_state, self.loss)

    @property
    def output_state(self) -> Var:
        """The state that the readout sees: the first one."""
        return self.cell.states[0]

    @property
    def equations(self) -> tuple[Equation, ...]:
        """One step, from x_t and the previous states to ℓ_t."""
        return (*self.cell.equations, *self.readout.equations)

    @property
    def total(self) -> Var:
        """L."""
        return Var("L", ONE, ONE, kind="loss")

    @property
    def parameters(self) -> tuple[Var, ...]:
        """Every shared parameter: the cell's, then the readout's."""
        return (*self.cell.parameters, *self.readout.parameters)

    @property
    def initial_states(self) -> tuple[Var, ...]:
        return tuple(variable.at(0) for variable in self.cell.states)

    @property
    def previous_states(self) -> tuple[Var, ...]:
        return tuple(lag(variable) for variable in self.cell.states)

    @property
    def references(self) -> tuple[Reference, ...]:
        return (*self.cell.references, *self.loss.references)


def build(
    cell: str = "rnn",
    *,
    variant: str = "",
    loss: str = "softmax_cross_entropy",
    wiring: str = "every",
) -> Model:
    """A model from names.  Raises InputError, with the choices, for a name that is not there."""
    module = registry.load("derive.cells", cell, "cell")
    known = tuple(module.VARIANTS)
    if variant and variant not in known:
        raise InputError(f"cell '{cell}' has no variant '{variant}'", mend=f"choose one of: {', '.join(known)}")
    return Model(
        cell=module.cell(variant) if variant else module.cell(),
        loss=registry.load("derive.losses", loss, "loss").LOSS,
        wiring=registry.load("derive.wirings", wiring, "wiring").WIRING,
    )
