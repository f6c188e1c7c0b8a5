"""τ-truncation with a window that slides: every loss goes back τ steps (Williams & Peng 1990, BPTT(h)).

Exactly: the terms with t − i < τ are kept, that is b_t, …, b_{t−τ+1}, the parameters' shares in the τ latest steps, and
at most τ − 1 factors c.  In a program: for every t the state h_{t−τ} is detached, the τ steps after it are run, and ℓ_t
alone is differentiated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derive.cell import Reference
from derive.machine import Machine, Number
from derive.strategy import Strategy, at_least_one

WILLIAMS = Reference(
    "williams1990", "R. J. Williams, J. Peng", 1990,
    "An efficient gradient-based algorithm for on-line training of recurrent network trajectories",
    "Neural Computation 2(4), 490–501", "https://doi.org/10.1162/neco.1990.2.4.490",
)  # fmt: skip


@dataclass(frozen=True)
class Window(Strategy):
    """Column k has travelled k links; the last one is dropped."""

    tau: int = 5
    title = "τ-truncation, a window that slides with every loss"
    references = (WILLIAMS,)

    def __post_init__(self) -> None:
        at_least_one("tau", self.tau)

    def machine(self, steps: int) -> Machine:
        width = min(self.tau, steps + 1)
        return Machine(width, kept=tuple((k, k + 1) for k in range(width - 1)), read=tuple(range(width)))

    def weight(self, late: int, early: int, factors: Sequence[Number]) -> Number:
        return int(late - early < self.tau)

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        return cls(length)


STRATEGY = Window
TITLE = Window.title
