"""The diagonal linear recurrence of state-space models: every unit remembers at its own rate."""

from __future__ import annotations

from derive.build import hadamard
from derive.cell import Cell, Equation, Reference, given, lag, parameter, state
from derive.indices import N_INPUT, N_STATE

TITLE = "diagonal linear recurrence, h_t = λ ⊙ h_{t−1} + W_i x_t + b"
VARIANTS: tuple[str, ...] = ()


def cell(variant: str = "") -> Cell:
    """h_t = λ ⊙ h_{t−1} + W_i x_t + b."""
    n, m = N_STATE, N_INPUT
    h, x = state("h", n), given("x", m)
    rate, W_i, b = parameter("lambda", n), parameter("W_i", n, m), parameter("b", n)
    return Cell(
        name="diagonal",
        title=TITLE,
        states=(h,),
        inputs=(x,),
        parameters=(rate, W_i, b),
        equations=(Equation(h, hadamard(rate, lag(h)) + W_i @ x + b),),
        references=(ZUCCHET,),
    )


ZUCCHET = Reference(
    "zucchet2024", "N. Zucchet, A. Orvieto", 2024,
    "Recurrent neural networks: vanishing and exploding gradients are not the end of the story", "NeurIPS 2024",
    "https://arxiv.org/abs/2405.21064",
)  # fmt: skip
