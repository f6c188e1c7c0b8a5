"""Numbers for columns in a terminal, and the words for what does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf

from reports.writers.text_inline import fill

_NOTHING = "–"
_LARGE, _SMALL = 1e5, 1e-2


def aligned(values: Sequence[float | None]) -> list[str]:
    """About three digits, equally many decimals, a dash for None and nan; a minus sign even where all digits are 0."""
    sizes = [abs(v) for v in values if v is not None and v == v and not isinf(v)]
    largest = max(sizes, default=0.0)
    if largest >= _LARGE or 0 < largest < _SMALL:
        return [_one(value, ".1e") for value in values]
    return [_one(value, f".{0 if largest >= 100 else 1 if largest >= 10 else 2}f") for value in values]


def _one(value: float | None, form: str) -> str:
    if value is None or value != value:
        return _NOTHING
    shown = "∞" if isinf(value) else format(abs(value), form)
    return f"−{shown}" if value < 0 else shown


def left_out(count: int, shown: int, what: str, width: int) -> list[str]:
    """A line that says so if only some are shown."""
    return fill(f"({shown} of {count} {what}s are shown.)", width) if shown < count else []
