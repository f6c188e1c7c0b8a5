"""The independently recurrent network: a unit remembers itself alone, through a nonlinearity."""

from __future__ import annotations

from derive.build import hadamard
from derive.cell import Cell, Equation, Reference, given, inner, lag, parameter, state
from derive.functions import ACTIVATIONS
from derive.indices import N_INPUT, N_STATE
from derive.nonlinear import Map

TITLE = "independently recurrent network (IndRNN), h_t = φ(W_i x_t + u ⊙ h_{t−1} + b)"
VARIANTS = tuple(ACTIVATIONS)


def cell(variant: str = "relu") -> Cell:
    n, m = N_STATE, N_INPUT
    h, x, z = state("h", n), given("x", m), inner("z", n)
    W_i, u, b = parameter("W_i", n, m), parameter("u", n), parameter("b", n)
    return Cell(
        name="indrnn",
        title=TITLE,
        variant=variant,
        states=(h,),
        inputs=(x,),
        parameters=(W_i, u, b),
        equations=(
            Equation(z, W_i @ x + hadamard(u, lag(h)) + b),
            Equation(h, Map(ACTIVATIONS[variant], z)),
        ),
        references=(LI,),
    )


LI = Reference(
    "li2018", "S. Li, W. Li, C. Cook, C. Zhu, Y. Gao", 2018,
    "Independently recurrent neural network (IndRNN): building a longer and deeper RNN", "CVPR 2018",
    "https://arxiv.org/abs/1803.04831",
)  # fmt: skip
