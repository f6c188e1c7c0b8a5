"""The vanilla (Elman) network, with the two biases of PyTorch's ``nn.RNN``."""

from __future__ import annotations

from derive.cell import Cell, Equation, Reference, given, inner, lag, parameter, state
from derive.functions import ACTIVATIONS
from derive.indices import N_INPUT, N_STATE
from derive.nonlinear import Map

TITLE = "vanilla RNN, h_t = φ(W_h h_{t−1} + W_i x_t + b_ih + b_hh)"
VARIANTS = tuple(ACTIVATIONS)
_MODULES = {"tanh": "RNN_TANH", "relu": "RNN_RELU"}


def cell(variant: str = "tanh") -> Cell:
    """z_t = W_h h_{t−1} + W_i x_t + b_ih + b_hh and h_t = φ(z_t)."""
    n, m = N_STATE, N_INPUT
    h, x, z = state("h", n), given("x", m), inner("z", n)
    W_h, W_i = parameter("W_h", n, n), parameter("W_i", n, m)
    b_ih, b_hh = parameter("b_ih", n), parameter("b_hh", n)
    return Cell(
        name="rnn",
        title=TITLE,
        variant=variant,
        states=(h,),
        inputs=(x,),
        parameters=(W_h, W_i, b_ih, b_hh),
        equations=(
            Equation(z, W_h @ lag(h) + W_i @ x + b_ih + b_hh),
            Equation(h, Map(ACTIVATIONS[variant], z)),
        ),
        references=(ELMAN, WERBOS),
        pytorch={"W_h": "weight_hh_l0", "W_i": "weight_ih_l0", "b_ih": "bias_ih_l0", "b_hh": "bias_hh_l0"},
        pytorch_module=_MODULES.get(variant, ""),
    )


ELMAN = Reference(
    "elman1990", "J. L. Elman", 1990, "Finding structure in time", "Cognitive Science 14(2), 179–211",
    "https://doi.org/10.1207/s15516709cog1402_1",
)  # fmt: skip
WERBOS = Reference(
    "werbos1990", "P. J. Werbos", 1990, "Backpropagation through time: what it does and how to do it",
    "Proceedings of the IEEE 78(10), 1550–1560", "https://doi.org/10.1109/5.58337",
)  # fmt: skip
