"""A cell: one step of a recurrence, as forward equations and nothing else.

The equations are in SSA form (every name is set once, before it is used): shared factors keep their names, so that
no derivative is ever inlined until it explodes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from derive.errors import CellError, ShapeError
from derive.expr import Node, Var, shape_text
from derive.indices import N_OUTPUT, t
from derive.sums import walk


@dataclass(frozen=True)
class Reference:
    """A source, as data, so that documents can print it."""

    key: str
    authors: str
    year: int
    title: str
    where: str
    url: str = ""


@dataclass(frozen=True)
class Equation:
    """``target = expression``: at time t for a cell, in any place for a claim."""

    target: Var
    expression: Node

    def __post_init__(self) -> None:
        if self.target.shape != self.expression.shape:
            raise ShapeError(
                f"{self.target!r} is {shape_text(self.target)}, "
                f"but its equation gives {shape_text(self.expression)}: {self.expression!r}"
            )


def parameter(name: str, rows: object, cols: object = 1) -> Var:
    return Var(name, rows, cols, kind="parameter")


def state(name: str, rows: object) -> Var:
    """h_t; write ``lag(h)`` for h_{t−1}."""
    return Var(name, rows, 1, t, "state")


def given(name: str, rows: object) -> Var:
    """An input x_t."""
    return Var(name, rows, 1, t, "input")


def inner(name: str, rows: object) -> Var:
    """A quantity inside the step, such as a gate or a pre-activation."""
    return Var(name, rows, 1, t, "inner")


def output(name: str) -> Var:
    """The output of the whole network, for a cell that reads it back: ``lag(output("o"))`` is o_{t−1}."""
    return Var(name, N_OUTPUT, 1, t, "inner")


def lag(variable: Var) -> Var:
    """The variable one step earlier."""
    return variable.at(t - 1)


@dataclass(frozen=True)
class Cell:
    """Named states, inputs and parameters, and the ordered equations of one step.

    ``visible`` is what the readout sees, the first state unless another quantity of the step is named.  ``feedback`` is
    the network's own output, where the cell reads it one step later (``output``); such a cell may have no other state.
    ``plain`` is the cell that --feedback was put on, ``layers`` counts the copies in a stack.  ``pytorch`` maps our
    parameter names to those of the PyTorch module that has the same equations, where one does; ``pytorch_module`` is
    what PyTorch calls that module's equations: RNN_TANH, RNN_RELU, GRU or LSTM.
    Raises CellError, naming the offender, when the equations are not a recurrence.
    """

    name: str
    title: str
    states: tuple[Var, ...]
    inputs: tuple[Var, ...]
    parameters: tuple[Var, ...]
    equations: tuple[Equation, ...]
    references: tuple[Reference, ...] = ()
    variant: str = ""
    pytorch: Mapping[str, str] = field(default_factory=dict)
    pytorch_module: str = ""
    visible: Var | None = None
    feedback: Var | None = None
    plain: Cell | None = None
    layers: int = 1

    def __post_init__(self) -> None:
        _check_names(self)
        _check_order(self)
        updated = {equation.target for equation in self.equations}
        for variable in self.states:
            if variable not in updated:
                raise CellError(f"cell {self.name}: the state {variable.name} is never updated")
        if self.seen not in updated:
            raise CellError(f"cell {self.name}: {self.seen.name}, which the readout is to see, is never computed")

    @property
    def seen(self) -> Var:
        """What the readout sees."""
        if self.visible is None and not self.states:
            raise CellError(f"cell {self.name}: it has no state, so ``visible`` must say what the readout sees")
        return self.visible or self.states[0]

    @property
    def lagged(self) -> tuple[Var, ...]:
        """Everything that a step reads from the step before."""
        return (*self.states, *((self.feedback,) if self.feedback is not None else ()))

    @property
    def label(self) -> str:
        """The name with its variant: ``rnn-tanh``."""
        return f"{self.name}-{self.variant}" if self.variant else self.name


def _check_names(cell: Cell) -> None:
    """Two things with one name are refused, whatever their kinds."""
    seen: set[str] = set()
    inner_names = [e.target for e in cell.equations if e.target not in cell.states]
    for variable in (*cell.lagged, *cell.inputs, *cell.parameters, *inner_names):
        if variable.name in seen:
            raise CellError(f"cell {cell.name}: the name {variable.name} is used twice")
        seen.add(variable.name)


def _check_order(cell: Cell) -> None:
    """Every variable is known before it is used."""
    known = {*cell.inputs, *cell.parameters, *(lag(variable) for variable in cell.lagged)}
    for equation in cell.equations:
        for variable in variables(equation.expression):
            if variable not in known and variable.kind != "constant":
                raise CellError(
                    f"cell {cell.name}: the equation of {equation.target!r} uses {variable!r} before it is defined"
                )
        if equation.target in known:
            raise CellError(f"cell {cell.name}: {equation.target!r} is defined twice")
        known.add(equation.target)


def variables(node: Node) -> Iterator[Var]:
    """The variables in an expression, each once, in the order in which they stand."""
    seen: set[Node] = set()
    for part in walk(node):
        if isinstance(part, Var) and part not in seen:
            seen.add(part)
            yield part
