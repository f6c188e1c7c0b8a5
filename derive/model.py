"""A model: a cell, a readout with its loss, and a wiring.  All that an oracle may be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from derive import registry
from derive.build import apply
from derive.cell import Cell, Equation, Reference
from derive.errors import InputError
from derive.expr import ONE, Node, Var
from derive.feedback import fed_back
from derive.functions import ACTIVATIONS
from derive.indices import T
from derive.layers import stacked
from derive.loss import Loss, Readout, readout
from derive.nonlinear import Softmax
from derive.normalisation import Normalisation
from derive.phase import Phase, needed_for, of_equations, reads_the_past, used_by
from derive.wiring import Wiring

BRIDGES: dict[str, Callable[[Var], Node]] = {
    "identity": lambda state: state,
    "softmax": Softmax,
    "sigmoid": lambda state: apply(ACTIVATIONS["sigmoid"], state),
}
"""What becomes of an encoder's final state before it starts the decoder."""


@dataclass(frozen=True)
class Model:
    """The forward equations of a whole network, of any length.

    ``cell`` is the one that has the loss (fed back, where the output is fed back); ``bridge`` normalises the state
    between two phases.
    """

    cell: Cell
    loss: Loss
    wiring: Wiring
    normalisation: Normalisation
    bridge: str = "identity"

    @cached_property
    def readout(self) -> Readout:
        """Score, output and loss, as written down; ``after`` is what of it comes after the recurrence."""
        cell = self.cell
        names = {v.name for v in (*cell.states, *cell.inputs, *cell.parameters, *(e.target for e in cell.equations))}
        return readout(cell.seen, self.loss, self.normalisation, names, cell.feedback)

    @cached_property
    def phases(self) -> tuple[Phase, ...]:
        """The recurrences in the order in which they run; the last one has the losses."""
        before = self.wiring.before
        if before is None:
            return (self._main,)
        first = before(self._encoded)
        pairs = zip(self._encoded.states, first.states, strict=True)
        starts = tuple(Equation(ours.at(0), BRIDGES[self.bridge](theirs.at(first.length))) for ours, theirs in pairs)
        return (first, replace(self._main, starts=starts))

    @property
    def main(self) -> Phase:
        return self.phases[-1]

    @cached_property
    def _encoded(self) -> Cell:
        """What an encoder is made of: the cell as it reads a given input; with an output of its own where it reads
        that back."""
        cell, after = self.cell.plain or self.cell, self.readout
        if cell.feedback is None:
            return cell
        return replace(
            cell,
            states=cell.lagged,
            parameters=(*cell.parameters, *after.parameters),
            equations=(*cell.equations, after.score, after.output),
            feedback=None,
        )

    @cached_property
    def _main(self) -> Phase:
        """The recurrence with the losses.

        A quantity that the readout sees becomes a state, one that no step reads back, unless the loss depends on the
        step through its states alone, with parameters of its own.
        """
        cell, equations = self.cell, (*self.cell.equations, *self.readout.equations)
        parameters = (*cell.parameters, *self.readout.parameters)
        found = of_equations(cell, equations, cell.lagged, parameters, T)
        through = needed_for(equations, [self.readout.loss.target], known=found.states)
        inside = {equation.target for equation in found.equations} - set(found.states)
        if reads_the_past(through, found.states) or through & inside or through & set(found.parameters):
            found = of_equations(cell, equations, (*cell.lagged, cell.seen), parameters, T)
        return found

    @cached_property
    def after(self) -> tuple[Equation, ...]:
        """The equations from the states of a step to its loss."""
        recurrent = {equation.target for equation in self.main.equations}
        return tuple(e for e in (*self.cell.equations, *self.readout.equations) if e.target not in recurrent)

    @cached_property
    def parameters_after(self) -> tuple[Var, ...]:
        used = used_by(self.after)
        return tuple(w for w in (*self.cell.parameters, *self.readout.parameters) if w in used)

    def inputs_of(self, phase: Phase) -> tuple[Var, ...]:
        """What is given at every step of a phase, to its recurrence or to the readout after it."""
        used = used_by((*phase.equations, *(self.after if phase is self.main else ())))
        return tuple(variable for variable in phase.cell.inputs if variable in used)

    def phase_of(self, parameter: Var) -> Phase:
        """The phase that a shared parameter belongs to."""
        return next((phase for phase in self.phases if parameter in phase.parameters), self.main)

    @property
    def equations(self) -> tuple[Equation, ...]:
        """One step of the phase with the losses, from x_t and the previous states to ℓ_t."""
        return (*self.main.equations, *self.after)

    @property
    def total(self) -> Var:
        """L."""
        return Var("L", ONE, ONE, kind="loss")

    @property
    def recurrent_parameters(self) -> tuple[Var, ...]:
        """The shared parameters of every phase's recurrence."""
        return tuple(w for phase in self.phases for w in phase.parameters)

    @property
    def parameters(self) -> tuple[Var, ...]:
        """Every shared parameter: the recurrences', then the readout's."""
        return (*self.recurrent_parameters, *self.parameters_after)

    @property
    def constants(self) -> tuple[Var, ...]:
        return self.readout.constants

    @property
    def initial_states(self) -> tuple[Var, ...]:
        """The initial states that are given."""
        return tuple(state for phase in self.phases for state in phase.given_initially)

    @property
    def names(self) -> dict[str, str | int | bool]:
        """What the model is made of, as plain data."""
        return {
            "cell": self.cell.label,
            "layers": self.cell.layers,
            "feedback": self.cell.feedback is not None,
            "wiring": self.wiring.name,
            "bridge": self.bridge,
            "normalisation": self.normalisation.name,
            "loss": self.loss.name,
        }

    @property
    def title(self) -> str:
        """In words, without the cell: ``softmax output, cross-entropy``."""
        return f"{self.normalisation.title}, {self.loss.title}"

    @property
    def references(self) -> tuple[Reference, ...]:
        return (*self.cell.references, *self.loss.references)


def build(
    cell: str | Cell = "rnn",
    *,
    variant: str = "",
    loss: str = "softmax_cross_entropy",
    wiring: str = "every",
    normalisation: str = "",
    layers: int = 1,
    feedback: bool = False,
    bridge: str = "identity",
) -> Model:
    """A model from names.  Raises InputError, with the choices, for a name that is not there or does not fit."""
    base = stacked(cell_named(cell, variant) if isinstance(cell, str) else cell, layers)
    chosen_loss: Loss = registry.load("derive.losses", loss, "loss").LOSS
    chosen_wiring: Wiring = registry.load("derive.wirings", wiring, "wiring").WIRING
    if bridge not in BRIDGES:
        raise InputError(f"there is no bridge '{bridge}'", mend=f"choose one of: {', '.join(BRIDGES)}")
    if bridge != "identity" and chosen_wiring.before is None:
        raise InputError(f"wiring '{wiring}' has no encoder for a bridge to follow", mend="choose --wiring seq2seq")
    model = Model(
        cell=replace(fed_back(base), plain=base) if feedback else base,
        loss=chosen_loss,
        wiring=chosen_wiring,
        normalisation=_normalisation(normalisation, chosen_loss),
        bridge=bridge,
    )
    for phase in model.phases:
        _check_recurrence(phase)
    return model


def _check_recurrence(phase: Phase) -> None:
    """Raises InputError for steps that pass nothing on, or have nothing to learn."""
    where = f"the {phase.name} of cell '{phase.cell.name}'" if phase.name else f"cell '{phase.cell.name}'"
    if not reads_the_past(used_by(phase.equations), phase.states):
        mend = "let an equation of a state read one of the step before, such as h[t-1]"
        raise InputError(f"no step of {where} remembers the one before", mend=mend)
    if phase.name and not phase.inputs:
        what = f"no step of {where} reads an input, so there is nothing to encode"
        raise InputError(what, mend="let an equation of a state read one, such as x")
    if not phase.parameters:
        what = f"no step of {where} has a parameter, so there is nothing to backpropagate to"
        raise InputError(what, mend="give the recurrence one, such as W_h")


def _normalisation(name: str, loss: Loss) -> Normalisation:
    chosen = name or loss.normalisations[0]
    found: Normalisation = registry.load("derive.normalisations", chosen, "normalisation").NORMALISATION
    if chosen not in loss.normalisations:
        known = ", ".join(loss.normalisations)
        raise InputError(f"loss '{loss.name}' makes no sense of a {found.title}", mend=f"choose one of: {known}")
    return found


def cell_named(name: str, variant: str = "") -> Cell:
    """A cell from the registry.  Raises InputError, with the choices."""
    module = registry.load("derive.cells", name, "cell")
    known = tuple(module.VARIANTS)
    if variant and variant not in known:
        mend = f"choose one of: {', '.join(known)}" if known else "leave it out: this cell comes in one form"
        raise InputError(f"cell '{name}' has no variant '{variant}'", mend=mend)
    found: Cell = module.cell(variant) if variant else module.cell()
    return found
