"""How many bits to compute with.  FLINT keeps precision and order in one global place: they are set and set back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import ceil, isfinite, log2

from flint import ctx

TARGET = 1e-30
"""The relative radius that is asked for."""

FIRST, HIGHEST = 192, 8192
"""Bits to start with, and bits at which to give up: 230 + 5T were needed where every step doubles a perturbation."""

VANISHED = 768
"""Bits with which what is still zero to within half of them is taken for zero, and not tried with more."""

_ORDER, _SPARE, _WORD = 2, 32, 64


@contextmanager
def working(bits: int) -> Iterator[None]:
    """Numbers of so many bits, and power series modulo ε².  What was set before is set back."""
    before = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = bits, _ORDER
    try:
        yield
    finally:
        ctx.prec, ctx.cap = before


def more(bits: int, radius: float) -> int:
    """The next precision to try, after ``bits`` gave this relative radius.

    A radius shrinks in proportion to 2^−bits, so the bits that are missing can be read off; where the balls held
    nothing yet, twice as many.
    """
    known = isfinite(radius) and radius > TARGET
    wanted = bits + log2(radius) - log2(TARGET) + _SPARE if known else 2 * bits
    return min(max(_WORD * ceil(wanted / _WORD), bits + _WORD), HIGHEST)
