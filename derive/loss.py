"""The readout s_t = W_o h_t + b_o, the output o_t = ψ(s_t), and the loss ℓ_t of one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from derive.cell import Equation, Reference, inner, parameter
from derive.expr import ONE, Fill, Node, Var
from derive.indices import N_OUTPUT, t

Targets = Literal["real", "simplex"]


@dataclass(frozen=True)
class Loss:
    """``output`` maps the score s_t to o_t, ``value`` maps (y_t, o_t) to the scalar ℓ_t.

    ``assumptions`` are equations that every target satisfies (a probability vector sums to one); a derivation may use
    them, as steps of their own.  ``targets`` says how an example target is drawn so that they hold.
    """

    name: str
    title: str
    output: Callable[[Node], Node]
    value: Callable[[Var, Var], Node]
    targets: Targets = "real"
    assumptions: Callable[[Var], tuple[tuple[Node, Fill], ...]] = lambda y: ()
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

    @property
    def equations(self) -> tuple[Equation, ...]:
        return (self.score, self.output, self.loss)

    @property
    def parameters(self) -> tuple[Var, ...]:
        return (self.weight, self.bias)


def readout(h: Var, loss: Loss) -> Readout:
    """s_t = W_o h_t + b_o, o_t = ψ(s_t), ℓ_t = ℓ(y_t, o_t)."""
    q = N_OUTPUT
    weight, bias = parameter("W_o", q, h.shape[0]), parameter("b_o", q)
    s, o, y = inner("s", q), inner("o", q), Var("y", q, 1, t, "target")
    return Readout(
        weight=weight,
        bias=bias,
        target=y,
        score=Equation(s, weight @ h + bias),
        output=Equation(o, loss.output(s)),
        loss=Equation(Var("ell", ONE, ONE, t, "loss"), loss.value(y, o)),
    )
