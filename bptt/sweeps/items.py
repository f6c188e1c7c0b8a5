"""The values of one axis, from words such as ``0.5:1.5:0.05`` and ``10,100,1000``: read in decimal, never evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from bptt.sweeps.axes import Axis, Number
from derive.errors import InputError

MOST = 1_000_000
"""Values of an axis, and points of a grid."""
_LONGEST = 20_000  # characters of an axis
_DIGITS = 40  # characters of a number
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)


@dataclass(frozen=True)
class Item:
    """The numbers first, first + step, …, up to and with last."""

    first: Decimal
    last: Decimal
    step: Decimal

    @property
    def count(self) -> int:
        return (Fraction(self.last) - Fraction(self.first)) // Fraction(self.step) + 1

    def values(self) -> Iterator[Fraction]:
        first, step = Fraction(self.first), Fraction(self.step)
        return (first + place * step for place in range(self.count))


def values(axis: Axis, text: str, where: str) -> tuple[Number, ...]:
    """The values, ascending, each once.  Raises InputError, which says ``where``, for anything else."""
    if len(text) > _LONGEST:
        raise InputError(f"{len(text)} characters are too many", where, f"at most {_LONGEST}; write a range LO:HI:STEP")
    words = text.split(",")
    if axis.counted and len(words) == 1 and ":" not in text:
        return _counted(axis, text, where)
    items = [_item(axis, word.strip(), where) for word in words]
    total = sum(item.count for item in items)
    if total > MOST:
        raise InputError(f"there are {amount(total)} values", where, f"at most {MOST:,}: take a larger step")
    cast = int if axis.kind.whole else float
    return tuple(sorted({cast(number) for item in items for number in item.values()}))


def amount(count: int) -> str:
    """A count for print, however large: ``1,200,000`` or ``more than 10^30``."""
    digits = len(str(count))
    return f"{count:,}" if digits <= 15 else f"more than 10^{digits - 1}"


def short(number: Number | None) -> str:
    """A setting for print: ``0.75``, ``1``, ``1e-07``; it reads back as the same number."""
    return "" if number is None else str(number).removesuffix(".0")


def _counted(axis: Axis, text: str, where: str) -> tuple[Number, ...]:
    count = _number(axis, text.strip(), where)
    if count > MOST:
        raise InputError(f"there are {amount(int(count))} values", where, f"at most {MOST:,}")
    if count == 0:
        raise InputError("there are no values", where, "1 stands for the seed 0, 20 for the seeds 0 to 19")
    return tuple(range(int(count)))


def _item(axis: Axis, word: str, where: str) -> Item:
    parts = [part.strip() for part in word.split(":")]
    if len(parts) == 1:
        number = _number(axis, word, where)
        return Item(number, number, Decimal(1))
    if len(parts) != 3:
        raise InputError(f"'{_shown(word)}' is no range", where, "write LO:HI:STEP, such as 0.5:1.5:0.05")
    first, last, step = _number(axis, parts[0], where), _number(axis, parts[1], where), _decimal(parts[2], where)
    if step <= 0:
        raise InputError(
            f"the step of '{_shown(word)}' is not positive", where, "write LO:HI:STEP with a positive STEP"
        )
    if axis.kind.whole and step % 1:
        raise InputError(f"the step of '{_shown(word)}' is not whole", where, f"{axis.title} is {axis.kind.title}")
    if last < first:
        raise InputError(f"the range '{_shown(word)}' descends", where, "write the smaller end first")
    return Item(first, last, step)


def _number(axis: Axis, word: str, where: str) -> Decimal:
    """A number that the axis may take."""
    number = _decimal(word, where)
    kind = axis.kind
    fits = number > 0 or (kind.zero and number == 0)
    if not fits or (kind.whole and number != number.to_integral_value()):
        raise InputError(f"'{_shown(word)}' is not {kind.title}", where, f"it is the {axis.title}")
    if number > Decimal(axis.most):
        raise InputError(f"'{_shown(word)}' is more than {axis.most:g}", where, "take a smaller value")
    if number and float(number) == 0:
        raise InputError(f"'{_shown(word)}' is too small for a float", where, "take a larger value")
    return number


def _decimal(word: str, where: str) -> Decimal:
    if not word:
        raise InputError("a value is missing", where, "separate values by single commas: 10,100,1000")
    if word.lower().lstrip("+-") in ("nan", "inf", "infinity"):
        raise InputError(f"'{_shown(word)}' is not a finite number", where, "write a finite number")
    if len(word) > _DIGITS or not _NUMBER.fullmatch(word):
        raise InputError(f"'{_shown(word)}' is not a number", where, "write numbers such as 10, 0.5 or 1e-3")
    number = Decimal(word)
    if abs(number.adjusted()) > 400:
        raise InputError(f"'{_shown(word)}' does not fit a float", where, "write numbers such as 10, 0.5 or 1e-3")
    return number


def _shown(word: str) -> str:
    return word if len(word) <= 40 else f"{word[:39]}…"
