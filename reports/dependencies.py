"""What of a step leads to what: the arrows of a picture of it, read off its equations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy as sp

from derive.cell import Equation, variables
from derive.expr import Hadamard, MatMul, Node, Var
from derive.indices import t
from derive.model import Model
from derive.phase import Phase
from derive.sums import walk
from derive.wiring import Wiring

_CARRIED = ("state", "input", "inner", "loss")


@dataclass(frozen=True)
class Link:
    """``source``, of this step or the one before, leads to ``target`` of this step through these parameters."""

    source: Var
    target: Var
    through: frozenset[Var]

    @property
    def is_lagged(self) -> bool:
        return bool(self.source.time != t)


@dataclass(frozen=True)
class Picture:
    """What is drawn of a phase: ``inputs`` from below, ``rows`` above them in their order, and the links between.

    Only the steps with a loss, the first and last of which ``losses`` names, have the rows ``at_loss``.
    """

    phase: Phase
    inputs: tuple[Var, ...]
    rows: tuple[Var, ...]
    links: tuple[Link, ...]
    at_loss: frozenset[Var]
    wiring: Wiring

    def has_loss(self, time: sp.Expr) -> bool:
        return bool(time == self.wiring.last or (not self.wiring.single and time >= self.wiring.first))


def picture(model: Model, phase: Phase) -> Picture:
    """States, inputs, what the readout sees, an output that is read back with the input made of it, and the loss."""
    after = model.after if phase is model.main else ()
    equations = (*phase.equations, *after)
    shown = {*phase.states, phase.cell.seen, model.readout.loss.target, *made_inputs(phase)}
    rows = tuple(e.target for e in equations if e.target in shown)
    inputs, at_loss = model.inputs_of(phase), frozenset(e.target for e in after)
    return Picture(phase, inputs, rows, tuple(links(equations, rows)), at_loss, model.wiring)


def made_inputs(phase: Phase) -> Iterator[Var]:
    """Inputs of the cell that the network makes itself, out of what it reads back."""
    plain = phase.cell.plain
    if plain is not None:
        names = {variable.name for variable in plain.inputs}
        yield from (e.target for e in phase.equations if e.target.name in names)


def links(equations: Sequence[Equation], shown: Sequence[Var]) -> Iterator[Link]:
    """From what each shown quantity needs, through all that is not shown."""
    ends: dict[Var, dict[Var, frozenset[Var]]] = {}
    for equation in equations:
        found: dict[Var, frozenset[Var]] = {}
        for variable in variables(equation.expression):
            if variable.kind not in _CARRIED:
                continue
            own = _weights(equation.expression, variable)
            for source, before in ends.get(variable, {variable: frozenset[Var]()}).items():
                found[source] = found.get(source, frozenset()) | before | own
        if equation.target in shown:
            yield from (Link(source, equation.target, through) for source, through in found.items())
        else:
            ends[equation.target] = found


def _weights(expression: Node, variable: Var) -> frozenset[Var]:
    """The parameters that multiply what a variable is in."""
    return frozenset(
        factor
        for part in walk(expression)
        if isinstance(part, MatMul | Hadamard) and variable in variables(part)
        for factor in part.args
        if isinstance(factor, Var) and factor.kind == "parameter"
    )
