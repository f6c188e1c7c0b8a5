"""All runs of a few random decisions, each with its probability and its factors, in exact arithmetic.

The chance to cut may depend on the whole past: a number of its own is drawn for every past.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from itertools import product

import sympy as sp

from derive.indices import t
from derive.truncation.formulas.law import Law
from derive.truncation.formulas.letters import kappa

Past = tuple[bool, ...]
_GRID = 6


@dataclass
class Chances:
    """κ after each step, given whether there was a cut after each step before; κ_0 = 0.

    With ``history`` false the past does not matter.
    """

    seed: int
    history: bool = True
    drawn: dict[Past, Fraction] = field(default_factory=dict)

    def after(self, past: Past) -> Fraction:
        """After step 1 + the length of the past."""
        known = past if self.history else (False,) * len(past)
        if known not in self.drawn:
            digits = "".join(str(int(cut)) for cut in known)
            rng = random.Random(f"{self.seed}:{len(known)}:{digits}")
            self.drawn[known] = Fraction(rng.randint(1, _GRID - 1), _GRID)
        return self.drawn[known]


@dataclass(frozen=True)
class Run:
    """Whether there is a cut after the steps 1, 2, …, and what follows from it."""

    cuts: Past
    chances: Chances
    law: Law

    def kappa(self, step: int) -> Fraction:
        """κ after a step; nothing is cut before the first."""
        return Fraction(0) if step == 0 else self.chances.after(self.cuts[: step - 1])

    def xi(self, link: int) -> Fraction:
        """The factor from step ``link`` − 1 to ``link``."""
        return self._factors[link - 1]

    @cached_property
    def _factors(self) -> list[Fraction]:
        cuts = (False, *self.cuts)
        return [self._number(self.law.cut if cut else self.law.kept, place) for place, cut in enumerate(cuts)]

    @cached_property
    def probability(self) -> Fraction:
        whole = Fraction(1)
        for place, cut in enumerate(self.cuts):
            chance = self._number(self.law.chance, place + 1)
            whole *= chance if cut else 1 - chance
        return whole

    def _number(self, expr: sp.Expr, step: int) -> Fraction:
        value = self.kappa(step)
        found = expr.xreplace({kappa(t - 1): sp.Rational(value.numerator, value.denominator)})
        return Fraction(int(found.p), int(found.q))


def runs(steps: int, chances: Chances, law: Law) -> Iterator[Run]:
    """Every run of that many steps; there is a decision after each but the last."""
    for cuts in product((False, True), repeat=steps - 1):
        yield Run(cuts, chances, law)
