"""Numbers in JSON, which knows none that is not finite: such a one is one of three texts."""

from __future__ import annotations

import math

from bptt.sweeps.task import Value

_TEXTS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def encoded(value: Value) -> float | int | str | None:
    """What JSON holds for a value: the number (it reads back exactly), null, or "nan", "inf", "-inf"."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def decoded(value: object) -> Value:
    """The value again.  Raises ValueError for anything else."""
    if isinstance(value, str) and value in _TEXTS:
        return _TEXTS[value]
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    raise ValueError(f"{value!r} is not a number")
