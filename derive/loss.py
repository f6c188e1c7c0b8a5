"""The readout s_t = W_o h_t + b_o, the output o_t = ψ(s_t), and the loss ℓ_t of one step."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from derive.cell import Equation, Reference, inner, parameter
from derive.expr import ONE, Node, Var
from derive.indices import N_OUTPUT, t
from derive.normalisation import Normalisation

Targets = Literal["real", "simplex", "unit"]
"""Any numbers; a probability vector; numbers between 0 and 1."""


@dataclass(frozen=True)
class Fact:
    """left = right for every target, and why."""

    left: Node
    right: Node
    why: str


def no_facts(y: Var) -> tuple[Fact, ...]:
    return ()


@dataclass(frozen=True)
class Loss:
    """``value`` maps (y_t, o_t) to the scalar ℓ_t; it also gets what the output excludes (``Normalisation``).

    ``normalisations`` name the outputs that it makes sense for, the usual one first.  ``facts`` are equations that
    every target satisfies; a derivation may use them, as steps of their own.  ``targets`` says how an example target
    is drawn so that they hold.
    """

    name: str
    title: str
    normalisations: tuple[str, ...]
    value: Callable[[Var, Var, Node], Node]
    targets: Targets = "real"
    facts: Callable[[Var], tuple[Fact, ...]] = no_facts
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Readout:
    """The equations after the cell: score, output, loss; and the parameters they bring."""

    weight: Var
    bias: Var
    target: Var
    score: Equation
    output: Equation
    loss: Equation
    excluded: Node
    constants: tuple[Var, ...]

    @property
    def equations(self) -> tuple[Equation, ...]:
        return (self.score, self.output, self.loss)

    @property
    def parameters(self) -> tuple[Var, ...]:
        return (self.weight, self.bias)


def readout(h: Var, loss: Loss, normalisation: Normalisation, taken: Collection[str], fed_back: Var | None) -> Readout:
    """s_t = W_o h_t + b_o, o_t = ψ(s_t), ℓ_t = ℓ(y_t, o_t).

    A name that the cell has ``taken`` (an LSTM's output gate is o_t too) gives way to the next one.
    """
    q = N_OUTPUT
    weight = parameter(free(taken, "W_o", "W_y", "W_out"), q, h.shape[0])
    bias = parameter(free(taken, "b_o", "b_y", "b_out"), q)
    s = inner(free(taken, "s", "v", "score"), q)
    o = fed_back or inner(free(taken, "o", "p", "out"), q)
    y = Var(free(taken, "y", "d", "target"), q, 1, t, "target")
    excluded = normalisation.excluded(s)
    return Readout(
        weight=weight,
        bias=bias,
        target=y,
        score=Equation(s, weight @ h + bias),
        output=Equation(o, normalisation.apply(s)),
        loss=Equation(Var("ell", ONE, ONE, t, "loss"), loss.value(y, o, excluded)),
        excluded=excluded,
        constants=normalisation.constants,
    )


def free(taken: Collection[str], *names: str) -> str:
    """The first of ``names`` that is not taken; failing that, the last with as many underscores as it needs."""
    for name in names:
        if name not in taken:
            return name
    return free(taken, names[-1] + "_")
