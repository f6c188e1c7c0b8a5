"""The leaky-integrator network (Jaeger et al. 2007)."""

from __future__ import annotations

import sympy as sp

from derive.cell import Cell, Equation, Reference, given, inner, lag, parameter, state
from derive.functions import ACTIVATIONS
from derive.indices import N_INPUT, N_STATE
from derive.nonlinear import Map

TITLE = "leaky integrator, h_t = (1 − α) h_{t−1} + α φ(W_h h_{t−1} + W_i x_t + b)"
VARIANTS = tuple(ACTIVATIONS)
ALPHA = sp.Rational(3, 10)
"""The leak: the share of the state that a step replaces."""


def cell(variant: str = "tanh") -> Cell:
    n, m = N_STATE, N_INPUT
    h, x, z, u = state("h", n), given("x", m), inner("z", n), inner("u", n)
    W_h, W_i, b = parameter("W_h", n, n), parameter("W_i", n, m), parameter("b", n)
    return Cell(
        name="leaky",
        title=TITLE,
        variant=variant,
        states=(h,),
        inputs=(x,),
        parameters=(W_h, W_i, b),
        equations=(
            Equation(z, W_h @ lag(h) + W_i @ x + b),
            Equation(u, Map(ACTIVATIONS[variant], z)),
            Equation(h, (1 - ALPHA) * lag(h) + ALPHA * u),
        ),
        references=(
            Reference(
                "jaeger2007",
                "H. Jaeger et al.",
                2007,
                "Optimization and applications of echo state networks with leaky-integrator neurons",
                "Neural Networks 20(3), 335–352",
            ),
        ),
    )
