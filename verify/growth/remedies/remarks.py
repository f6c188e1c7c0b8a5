"""Sentences about numbers: a remedy is called better or worse by how much, and never without it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from verify.growth.remedies.measure import Measure
from verify.growth.remedies.remedy import Number


def text(number: Number) -> str:
    """A number in a sentence."""
    if number is None:
        return "not a finite number"
    if number == -math.inf:
        return "−∞"
    return f"{number:.3g}".replace("-", "−")


def compared(before: Measure, after: Measure, name: str = "") -> Iterator[str]:
    """Whether the norm of the longest product is nearer to one, and what became of gradient and loss."""
    lag, old, new = before.lags[-1], before.log_norms[-1], after.log_norms[-1]
    who = f"{name}: at" if name else "At"
    numbers = f"{who} lag {lag}, log₁₀ ‖P‖₂ is {text(old)} before and {text(new)} after"
    if old is None or new is None:
        yield f"{numbers}: nothing to compare ({after.why or before.why})."
    else:
        yield f"{numbers}: {_nearer(old, new)}."
    if not name:
        yield (
            f"‖∂L/∂W‖ goes from {text(before.recurrent)} to {text(after.recurrent)}"
            f" and L from {text(before.loss)} to {text(after.loss)}, on the same input and target."
        )


def _nearer(old: float, new: float) -> str:
    """By the distance of the logarithm from zero."""
    if abs(old) == abs(new):
        return "as far from a norm of one as before"
    if math.isinf(old):
        return "the chain was zero, and is not any more"
    if math.isinf(new):
        return "the chain is zero now, which does not help"
    gap = abs(abs(old) - abs(new))
    return f"{text(gap)} decades {'nearer to a norm of one' if abs(new) < abs(old) else 'further from a norm of one'}"
