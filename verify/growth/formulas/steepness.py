"""γ = sup|φ′| from the forward formula alone: FLINT's power series of φ on a ball encloses φ′ in a coefficient.

The line is covered by balls, which are halved until none allows a slope steeper than γ by more than the gap; a slope
nearly as steep as γ is found on the way.  A corner lies in a ball that is never decided and is left out once tiny: a
function has the slope of one of its sides there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy as sp
from flint import arb, arb_series

from derive.functions import Elementwise
from derive.growth.formulas.step import GrowthStep
from verify.balls.scalars import UndecidableError, compiled, jets
from verify.verdicts import Finding, Verdict, Witness

EVIDENCE = "slopes in balls"
FAR, TINY, GAP = 32, 2.0**-40, 1e-6


@dataclass(frozen=True)
class Piece:
    """An interval, with bounds of |φ′| on it; neither where φ has a corner in it."""

    low: float
    high: float
    at_least: float
    at_most: float


def judged(step: GrowthStep, function: Elementwise, claimed: sp.Expr) -> Finding:
    """ENCLOSED on [−32, 32] where γ is between the bounds, REFUTED with a point or a bound where it is not."""
    gamma = float(claimed)
    cover: list[Piece] = []
    for piece in pieces(function, gamma):
        if piece.at_least > gamma:
            where = f"z in [{piece.low:g}, {piece.high:g}]"
            return Finding(step.key, EVIDENCE, Verdict.REFUTED, witness=Witness(where, gamma, piece.at_least))
        cover.append(piece)
    highest = max(piece.at_most for piece in cover)
    if highest < gamma:
        where = f"|z| ≤ {FAR}"
        return Finding(step.key, EVIDENCE, Verdict.REFUTED, witness=Witness(where, gamma, f"at most {highest:.6g}"))
    if _climbed(function, max(cover, key=lambda piece: piece.at_least)) < gamma * (1 - GAP):
        return Finding(step.key, EVIDENCE, Verdict.NOT_RUN, reason="no slope near γ is found, and none is excluded")
    radius = max(highest / gamma - 1, GAP)
    return Finding(step.key, EVIDENCE, Verdict.ENCLOSED, radius=radius, reason=f"every z with |z| ≤ {FAR}")


def _climbed(function: Elementwise, start: Piece) -> float:
    """A slope that is reached, the steeper of two neighbours taken again and again."""
    low, width, best = start.low, start.high - start.low, start.at_least
    for _ in range(40):
        points = [low + width * part for part in (0.0, 0.25, 0.5, 0.75, 1.0)]
        slopes = [_reached(function, point) for point in points]
        best = max(best, *slopes)
        low, width = points[slopes.index(max(slopes))] - width / 4, width / 2
    return best


def _reached(function: Elementwise, point: float) -> float:
    """A lower bound of |φ′| at a point; zero at a corner."""
    try:
        slope = abs(arb(compiled(function.expr, jets())(arb_series([arb(point), 1]))[1]))
    except UndecidableError:
        return 0.0
    return float(slope.lower()) if slope.is_finite() else 0.0


def pieces(function: Elementwise, gamma: float) -> Iterator[Piece]:
    """A cover of [−32, 32], but for corners, by intervals where |φ′| is at most γ (1 + gap), or somewhere above γ.

    What is undecided when it is tiny comes with the bound that it has.
    """
    kind = jets()
    value = compiled(function.expr, kind)
    left = [(float(low), float(low + 1)) for low in range(-FAR, FAR)]
    while left:
        low, high = left.pop()
        middle = (low + high) / 2
        ball = arb(middle, (high - low) / 2)
        try:
            slope = abs(arb(value(arb_series([ball, 1]))[1]))
            there = abs(arb(value(arb_series([arb(middle), 1]))[1]))
        except UndecidableError:
            slope = there = arb.nan()
        if slope.is_finite() and slope.upper() <= gamma * (1 + GAP):
            yield Piece(low, high, float(there.lower()), float(slope.upper()))
        elif there.is_finite() and there.lower() > gamma:
            yield Piece(low, high, float(there.lower()), float("inf"))
        elif high - low > TINY:
            left += [(low, middle), (middle, high)]
        elif slope.is_finite():
            yield Piece(low, high, float(there.lower()), float(slope.upper()))
