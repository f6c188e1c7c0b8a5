"""Two enclosures of one block: disjoint, overlapping within the radius asked for, or not narrow enough to say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, isfinite, log10
from typing import NamedTuple

import numpy as np
from flint import arb, ctx

from derive.arithmetic import Array
from verify.balls.claims import FLOAT64, NAME
from verify.balls.directions import Directions
from verify.balls.enclosures import farthest, radius, relative, size
from verify.balls.precision import TARGET
from verify.verdicts import Finding, Verdict, Witness

_FEWEST, _MOST = 6, 40


class Key(NamedTuple):
    """A block: the parameter, the order of evaluation, and the lag where it is one lag of the double sum."""

    name: str
    form: str
    lag: int | None = None

    @property
    def claim(self) -> str:
        return f"gradient.{self.name}" if self.lag is None else f"lag.{self.name}.{self.lag}"


@dataclass(frozen=True)
class Block:
    """What our formula says of a gradient or a lag, and what the power series say, along each of the directions."""

    key: Key
    ours: Array
    theirs: Array
    directions: Directions
    sizes: dict[str, int]

    def judged(self) -> Finding:
        """REFUTED when any two enclosures are disjoint.  Overlap is not equality, so what overlaps carries its radius.

        Error and radius are relative to the largest entry of the block.  NOT RUN means that more bits may decide.
        """
        ours = self.directions.of(self.ours)
        difference = farthest(ours - self.theirs)
        widest = max(radius(self.ours), radius(self.theirs), difference)
        finding = self._finding(self.key.claim, difference, widest)
        pairs = list(zip(ours, self.theirs, strict=True))
        apart = [number for number, (claimed, found) in enumerate(pairs) if not claimed.overlaps(found)]
        if apart:
            worst = max(apart, key=lambda number: abs(pairs[number][0] - pairs[number][1]).mid())
            witness = _witness(self.directions.named(worst), *pairs[worst])
            return replace(finding, verdict=Verdict.REFUTED, radius=None, failure=None, witness=witness)
        if widest == 0 and self._scale == 0:
            return replace(finding, reason="both are zero")
        found = relative(widest, self._scale)
        if found <= TARGET:
            return finding
        return replace(finding, verdict=Verdict.NOT_RUN, error=None, failure=None, reason=_too_wide(found))

    def certified(self, gradient: Array) -> Finding:
        """How far the float64 gradient is from the true one, which is inside the balls: a bound, not an estimate.

        ``error`` bounds max |float64 − true| from above, relative to the largest entry.
        """
        exact = np.array([arb(entry) for entry in gradient.ravel().tolist()], dtype=object)
        finding = self._finding(FLOAT64 + self.key.name, farthest(self.ours.ravel() - exact), radius(self.ours))
        if finding.error is None:
            reason = "the float64 gradient is not finite"
            return replace(finding, verdict=Verdict.NOT_RUN, failure=None, reason=reason)
        return finding

    def _finding(self, claim: str, error: arb, widest: arb) -> Finding:
        return Finding(
            claim, NAME, Verdict.ENCLOSED, self.key.form, error=_finite(relative(error, self._scale)),
            scale=_finite(float(self._scale)), failure=self.directions.failure,
            radius=_finite(relative(widest, self._scale)), sizes=self.sizes,
        )  # fmt: skip

    @property
    def _scale(self) -> arb:
        """The largest entry, at least."""
        return max(size(self.ours), size(self.theirs) if self.directions.entries else arb(0))


def _finite(number: float) -> float | None:
    return number if isfinite(number) else None


def _too_wide(found: float) -> str:
    what = f"a relative radius of {found:.0e}" if found < 1 else "nothing but an interval around zero, or no number"
    return f"with {ctx.prec} bits the enclosures leave {what}, and {TARGET:.0e} is asked for"


def _witness(where: str, claimed: arb, found: arb) -> Witness:
    """Both enclosures, with as many digits as it takes to tell them apart."""
    apart = float((abs(claimed - found).lower() / max(abs(claimed).upper(), abs(found).upper())).mid())
    digits = min(max(ceil(-log10(apart)), 0) + _FEWEST, _MOST) if apart > 0 else _MOST
    return Witness(where, claimed.str(digits), found.str(digits))
