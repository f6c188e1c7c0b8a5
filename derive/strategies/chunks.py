"""τ-truncation in chunks: the state is handed on and detached after every τ-th step (PyTorch's "stateful" training).

A loss at step t reaches back to the first step of its own chunk, mτ + 1 with m = ⌊(t − 1)/τ⌋: one step at the beginning
of a chunk, τ at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.strategy import Links, Strategy, at_least_one


@dataclass(frozen=True)
class Chunks(Links):
    """A cut after every step of age τ."""

    tau: int = 5
    title = "τ-truncation in chunks, the state detached between them"

    def __post_init__(self) -> None:
        at_least_one("tau", self.tau)

    def chance(self, age: int) -> Fraction:
        return Fraction(int(age >= self.tau))

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        return cls(length)


STRATEGY = Chunks
TITLE = Chunks.title
