"""Two gradients side by side: with as many digits as it takes to tell them apart."""

from __future__ import annotations

from collections.abc import Sequence

_DIGITS, _MOST_DIGITS = 5, 17
Rows = Sequence[Sequence[float]]


def matrix(rows: Rows, digits: int = _DIGITS) -> str:
    """One number; a column of numbers; or rows in brackets."""
    if len(rows) == len(rows[0]) == 1:
        return number(rows[0][0], digits)
    if len(rows[0]) == 1:
        return f"({', '.join(number(row[0], digits) for row in rows)})"
    return f"[{', '.join('[' + ', '.join(number(x, digits) for x in row) + ']' for row in rows)}]"


def digits_for(yours: Rows, ours: Rows) -> int:
    """As many as it takes to tell them apart."""
    enough = (digits for digits in range(_DIGITS, _MOST_DIGITS) if matrix(yours, digits) != matrix(ours, digits))
    return next(enough, _MOST_DIGITS)


def apart(yours: float | str, ours: float | str) -> tuple[str, str]:
    if isinstance(yours, str) or isinstance(ours, str):
        return number(yours), number(ours)
    digits = digits_for(((yours,),), ((ours,),))
    return number(yours, digits), number(ours, digits)


def number(value: float | str, digits: int = _DIGITS) -> str:
    return value if isinstance(value, str) else f"{value:.{digits}g}".replace("-", "−")
