"""Randomised truncation, the recursive reading: z_t = b_t + ξ_t c_t z_{t−1} (after Zhang et al., section 9.7).

P(ξ_t = 0) = 1 − π and P(ξ_t = 1/π) = π, independently, so that E ξ_t = 1.  The random z_{t−1} stands in the recursion:
where ξ_t = 0 all that was before step t is forgotten, and the computation does get shorter.
"""

from __future__ import annotations

from dataclasses import dataclass

from derive.cell import Reference
from derive.strategy import Kept, Links

ZHANG = Reference(
    "zhang2023", "A. Zhang, Z. C. Lipton, M. Li, A. J. Smola", 2023, "Dive into Deep Learning",
    "section 9.7, Backpropagation Through Time", "https://d2l.ai",
)  # fmt: skip


@dataclass(frozen=True)
class Randomised(Links, Kept):
    """Each link is kept with probability π, and then divided by it."""

    title = "randomised truncation, recursive: z_t = b_t + ξ_t c_t z_{t−1}"
    references = (ZHANG,)


STRATEGY = Randomised
TITLE = Randomised.title
