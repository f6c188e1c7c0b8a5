"""How much was tried, counted in parts of formulas: the same on every machine, where seconds are not."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf


@dataclass
class Effort:
    """``most`` may be ``spent``, and what goes over it was the last thing tried.  A part of a formula that is worked
    out is one, a few hundredths of a millisecond."""

    most: float = inf
    spent: float = 0.0

    @property
    def left(self) -> float:
        return self.most - self.spent

    @property
    def is_over(self) -> bool:
        return self.left <= 0
