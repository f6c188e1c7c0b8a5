"""One unit and one parameter: b_t, c_t and π_t drawn, everything else summed over all runs.

The chances do not depend on the past.  With ``constant`` b, c and π are the same at every step.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from itertools import product

Links = tuple[bool, ...]
"""Whether each of the links 1, …, t is kept."""


@dataclass(frozen=True)
class Number:
    """The recurrence of numbers; nothing is cut before step 1."""

    seed: int
    constant: bool = False

    @cache  # noqa: B019 - a few small instances
    def _draw(self, name: str, time: int, low: int, high: int) -> Fraction:
        key = f"{self.seed}:{name}:{0 if self.constant else time}"
        return Fraction(random.Random(key).choice([n for n in range(low, high + 1) if n]), high + 1)

    def b(self, time: int) -> Fraction:
        return self._draw("b", time, -4, 4)

    def c(self, time: int) -> Fraction:
        """Its square is less than π, where both are constant."""
        return self._draw("c", time, -2, 2)

    def pi(self, time: int) -> Fraction:
        """Of a constant recurrence the first link is cut as well, which changes nothing: z_0 = 0."""
        return Fraction(1) if time <= 1 and not self.constant else self._draw("pi", time, 3, 4)

    @cache  # noqa: B019 - a few small instances
    def estimate(self, late: int, kept: Links) -> Fraction:
        """Σ_i (∏_{j>i} ξ_j c_j) b_i."""
        total, chain = Fraction(0), Fraction(1)
        for early in range(late, 0, -1):
            total += chain * self.b(early)
            chain *= self.c(early) / self.pi(early) if kept[early - 1] else 0
        return total

    @cache  # noqa: B019 - a few small instances
    def state(self, late: int) -> Fraction:
        total, chain = Fraction(0), Fraction(1)
        for early in range(late, 0, -1):
            total, chain = total + chain * self.b(early), chain * self.c(early)
        return total

    def one_step(self, late: int, kept: Links) -> Fraction:
        own = self.b(late)
        return own + (self.state(late) - own) * (1 / self.pi(late) if kept[late - 1] else 0)

    def runs(self, late: int) -> Iterator[tuple[Fraction, Links]]:
        """Every run up to a step, with its probability."""
        for kept in product((True, False), repeat=late):
            chance = Fraction(1)
            for link, is_kept in enumerate(kept, start=1):
                chance *= self.pi(link) if is_kept else 1 - self.pi(link)
            yield chance, kept

    @cache  # noqa: B019 - a few small instances
    def variance(self, late: int) -> Fraction:
        """𝔼 (z_t − a_t)²."""
        exact = self.state(late)
        return sum((chance * (self.estimate(late, kept) - exact) ** 2 for chance, kept in self.runs(late)), Fraction(0))

    @cached_property
    def stationary(self) -> Fraction:
        """The V with V = (c²/π) V + (1/π − 1) c² a², at the a with a = b + c a."""
        b, c, pi = self.b(1), self.c(1), self.pi(1)
        return (1 / pi - 1) * (c * b / (1 - c)) ** 2 / (1 - c**2 / pi)
