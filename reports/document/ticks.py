"""Which places of an axis are labelled, and how: few enough to be read."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, inf, log10

from reports.document.columns import natural_width
from reports.document.inline import InlineLike
from reports.formula.tree import row
from reports.numbers import scientific

_STEPS = (1, 2, 5)
_GAP_EM = 0.9
_SLANTED = 24  # more words than that are not read, slanted or not
_SMALL, _WHOLE = 1e-3, 1e6
_NARROW = 300.0


def nice_step(least: float) -> float:
    """The least of 1, 2, 5, 10, 20 … and their tenths that is not below `least`."""
    power = 10.0 ** floor(log10(least)) if least > 0 else 1.0
    return next(factor * power for factor in (*_STEPS, 10) if factor * power >= least * (1 - 1e-9))


def every(count: int, most: int) -> int:
    """Label every n-th of `count` places, so that there are at most `most` labels, and at least one."""
    return max(1, round(nice_step(count / max(most, 1)))) if count > most else 1


def nice_ticks(low: float, high: float, most: int, whole: bool = False) -> list[float]:
    """Round numbers from `low` to `high`, at most about `most`; whole ones if asked."""
    span = high - low
    if not 0 < span < inf:
        return [low]
    step = nice_step(max(span / max(most - 1, 1), 1.0 if whole else 0.0))
    return [n * step for n in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def narrow_ticks(low: float, high: float) -> list[float]:
    """1, 2, 5, 10, 20 … from `low` to `high`, where a logarithmic axis spans so little that powers of ten alone would
    say hardly anything; none where it spans more."""
    if not 0 < low < high < inf or not _SMALL <= low <= high < _WHOLE or high / low > _NARROW:
        return []
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    return [n for power in powers for n in (factor * 10.0**power for factor in _STEPS) if low <= n <= high]


def position_label(value: InlineLike | float) -> InlineLike:
    """What stands at a position: words as they are, a number with at most four digits and a true minus sign."""
    if not isinstance(value, int | float):
        return value
    shown = str(int(value)) if abs(value) < _WHOLE and value == int(value) else f"{value:.4g}"
    if "e" in shown:
        digits = len(shown.partition("e")[0].lstrip("-").replace(".", "")) - 1
        return scientific(value, digits)
    bare = shown.lstrip("-")
    sign = ("-",) if bare != shown else ()
    return row(*sign, "infinity" if bare == "inf" else bare) if sign or bare == "inf" else bare


def position_labels(values: Sequence[InlineLike | float]) -> list[InlineLike]:
    """What stands at each position of an axis; numbers of one size have equally many decimals."""
    numbers = [value for value in values if isinstance(value, int | float)]
    if len(numbers) < len(values) or not all(value == 0 or _SMALL <= abs(value) < _WHOLE for value in numbers):
        return [position_label(value) for value in values]
    decimals = max((len(f"{value:.4g}".partition(".")[2]) for value in numbers if value != int(value)), default=0)
    rounded = (f"{value:.{decimals}f}" for value in numbers)
    return [row("-", shown[1:]) if shown.startswith("-") else shown for shown in rounded]


def labelled(values: Sequence[InlineLike | float], room_em: float) -> list[int]:
    """Which places of an axis that is `room_em` long are labelled: all, or every n-th.

    Of successive whole numbers the round ones are: 10, 20, 30 and not 1, 11, 21.
    """
    return spread(values, int(room_em / (widest(values) + _GAP_EM)))


def widest(values: Sequence[InlineLike | float]) -> float:
    """The width of the widest label, in em."""
    return max(map(natural_width, position_labels(values)), default=0.0)


def spread(values: Sequence[InlineLike | float], most: int) -> list[int]:
    """At most `most` of the places, at least one, equally far apart."""
    step = every(len(values), most)
    return list(range(_offset(values, step), len(values), step))


def _offset(values: Sequence[InlineLike | float], step: int) -> int:
    numbers = [int(v) if isinstance(v, int) or (isinstance(v, str) and v.isdecimal()) else None for v in values[:step]]
    return next((n for n, number in enumerate(numbers) if number is not None and number % step == 0), 0)


def is_slanted(values: Sequence[InlineLike | float], room_em: float) -> bool:
    """A few words that do not fit side by side are slanted, since none of them may be missing."""
    fits = len(labelled(values, room_em)) == len(values)
    return not fits and len(values) <= _SLANTED and not all(isinstance(value, int | float) for value in values)
