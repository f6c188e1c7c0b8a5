"""The Jordan network: a step reads back the network's output instead of its state."""

from __future__ import annotations

from derive.cell import Cell, Equation, Reference, given, inner, lag, output, parameter
from derive.functions import ACTIVATIONS
from derive.indices import N_INPUT, N_OUTPUT, N_STATE
from derive.nonlinear import Map

TITLE = "Jordan network, h_t = φ(W_h o_{t−1} + W_i x_t + b_h)"
VARIANTS = tuple(ACTIVATIONS)


def cell(variant: str = "tanh") -> Cell:
    n, m, q = N_STATE, N_INPUT, N_OUTPUT
    h, x, z, o = inner("h", n), given("x", m), inner("z", n), output("o")
    W_h, W_i, b_h = parameter("W_h", n, q), parameter("W_i", n, m), parameter("b_h", n)
    return Cell(
        name="jordan",
        title=TITLE,
        variant=variant,
        states=(),
        inputs=(x,),
        parameters=(W_h, W_i, b_h),
        equations=(
            Equation(z, W_h @ lag(o) + W_i @ x + b_h),
            Equation(h, Map(ACTIVATIONS[variant], z)),
        ),
        visible=h,
        feedback=o,
        references=(
            Reference(
                "jordan1986", "M. I. Jordan", 1986, "Serial order: a parallel distributed processing approach",
                "ICS report 8604, University of California, San Diego",
            ),
        ),
    )  # fmt: skip
