"""ARTBP, anticipated reweighted truncated backpropagation, with a constant chance to cut (Tallec & Ollivier 2017).

After step t the chain is cut with probability κ; where it is not, what comes back is divided by 1 − κ:
δ̃_t = g_t + (1/(1 − κ)) c_{t+1}ᵀ δ̃_{t+1}, and δ̃_t = g_t after a cut (section 4, proposition 1).  Run by run it is the
recursive randomised truncation with ξ_{t+1} = [no cut after t]/(1 − κ): one estimator, seen from the two ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derive.cell import Reference
from derive.strategy import Links, Strategy, probability

TALLEC = Reference(
    "tallec2017", "C. Tallec, Y. Ollivier", 2017, "Unbiasing truncated backpropagation through time",
    "arXiv:1705.08209", "https://arxiv.org/abs/1705.08209",
)  # fmt: skip


@dataclass(frozen=True)
class Artbp(Links):
    """Chunks of random length, 1/κ on average."""

    kappa: Fraction = Fraction(1, 5)
    title = "ARTBP with a constant chance to cut"
    spoken = "ARTBP"
    references = (TALLEC,)
    unbiased = True

    def __post_init__(self) -> None:
        probability("kappa", self.kappa, one=False)

    def chance(self, age: int) -> Fraction:
        return self.kappa

    def factor(self, cut: bool, age: int) -> Fraction:
        return Fraction(0) if cut else 1 / (1 - self.kappa)

    @classmethod
    def of_length(cls, length: int) -> Strategy:
        return cls(Fraction(1, max(length, 2)))


STRATEGY = Artbp
TITLE = Artbp.title
