"""How the wrong entries of a gradient lie: the first pattern that fits is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from derive.arithmetic import Array

_FEW = 3


@dataclass(frozen=True)
class Difference:
    """Their gradient of one parameter and ours, and the absolute difference that rounding explains."""

    theirs: Array
    ours: Array
    allowed: float

    @property
    def wrong(self) -> Array:
        """Which entries are wrong.  What is not finite is."""
        return ~(np.abs(self.theirs - self.ours) <= self.allowed)

    def same(self, other: Array, slack: float = 1.0) -> bool:
        """Whether theirs is the other array, up to rounding."""
        if other.shape != self.theirs.shape:
            return False
        return bool(np.max(np.abs(self.theirs - other)) <= slack * self.allowed)


Pattern = tuple[str, str]
"""The kind of pattern, and what is said of it."""


def not_finite(d: Difference) -> Pattern | None:
    bad = int(np.sum(~np.isfinite(d.theirs)))
    return ("not_finite", f"{bad} of {d.theirs.size} entries are not finite numbers") if bad else None


def zero(d: Difference) -> Pattern | None:
    return None if np.any(d.theirs) else ("zero", "it is zero everywhere")


def scaled(d: Difference) -> Pattern | None:
    if d.theirs.size == 1:
        return None
    factor = ratio(d.theirs, d.ours)
    fits = d.same(factor * d.ours, 1 + abs(factor))
    return ("scaled", f"every entry is {number(factor)} times ours") if fits else None


def transposed(d: Difference) -> Pattern | None:
    if d.theirs.shape[0] == d.theirs.shape[1] > 1 and d.same(d.ours.T):
        return "transposed", "it is the transpose of ours"
    return None


def one_entry(d: Difference) -> Pattern | None:
    places = np.argwhere(d.wrong)
    if d.theirs.size == 1 or len(places) != 1:
        return None
    row, col = places[0] + 1
    return "entry", f"only entry ({row}, {col}) is wrong"


def diagonal(d: Difference) -> Pattern | None:
    wrong = d.wrong
    if wrong.shape[0] != wrong.shape[1] or wrong.shape[0] == 1:
        return None
    on = np.eye(len(wrong), dtype=bool)
    if not np.any(wrong & ~on):
        return "diagonal", "only its diagonal is wrong"
    return ("off_diagonal", "all of it is wrong but the diagonal") if not np.any(wrong & on) else None


def rows(d: Difference) -> Pattern | None:
    return _lines(np.any(d.wrong, axis=1), d.theirs.shape[1], "row")


def columns(d: Difference) -> Pattern | None:
    return _lines(np.any(d.wrong, axis=0), d.theirs.shape[0], "column")


def _lines(hit: Array, length: int, what: str) -> Pattern | None:
    places = [int(place) + 1 for place in np.flatnonzero(hit)]
    if len(places) == len(hit) or len(places) > _FEW or length == 1:
        return None
    named = f"{what} {places[0]}" if len(places) == 1 else f"{what}s {', '.join(map(str, places))}"
    return what, f"only {named} {'is' if len(places) == 1 else 'are'} wrong"


def scattered(d: Difference) -> Pattern | None:
    count = int(np.sum(d.wrong))
    return (
        ("all", "every entry is wrong")
        if count == d.wrong.size
        else ("some", f"{count} of {d.wrong.size} entries are wrong")
    )


PATTERNS: tuple[Callable[[Difference], Pattern | None], ...] = (
    not_finite, zero, scaled, transposed, one_entry, diagonal, rows, columns, scattered,
)  # fmt: skip


def pattern(difference: Difference) -> Pattern:
    """The first pattern that fits."""
    return next(found for fits in PATTERNS if (found := fits(difference)) is not None)


def ratio(theirs: Array, ours: Array) -> float:
    """The factor that comes nearest: ⟨theirs, ours⟩ / ⟨ours, ours⟩, scaled first, so that nothing underflows."""
    scale = float(np.max(np.abs(ours)))
    if scale == 0.0:
        return 0.0
    unit = ours / scale
    return float(np.sum((theirs / scale) * unit) / np.sum(unit * unit))


def number(value: float) -> str:
    """Short, with a true minus sign."""
    return f"{value:.6g}".replace("-", "−")
