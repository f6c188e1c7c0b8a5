"""Randomised truncation, the recursive reading: z_t = b_t + ξ_t c_t z_{t−1} (after Zhang et al., section 9.7).

P(ξ_t = 0) = 1 − π and P(ξ_t = 1/π) = π, independently, so that E ξ_t = 1.  The random z_{t−1} stands in the recursion:
where ξ_t = 0 all that was before step t is forgotten, and the computation does get shorter.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.cell import Reference
from derive.strategy import Links, Strategy, probability

ZHANG = Reference(
    "zhang2023", "A. Zhang, Z. C. Lipton, M. Li, A. J. Smola", 2023, "Dive into Deep Learning",
    "section 9.7, Backpropagation Through Time", "https://d2l.ai",
)  # fmt: skip


@dataclass(frozen=True)
class Randomised(Links):
    """Each link is kept with probability π, and then divided by it."""

    pi: Fraction = Fraction(4, 5)
    title = "randomised truncation, recursive: z_t = b_t + ξ_t c_t z_{t−1}"
    references = (ZHANG,)
    unbiased = True

    def __post_init__(self) -> None:
        probability("pi", self.pi, zero=False)

    def chance(self, age: int) -> Fraction:
        return 1 - self.pi

    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0) if cut else 1 / self.pi

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        return cls(1 - Fraction(1, max(length, 2)))


STRATEGY = Randomised
TITLE = Randomised.title
