"""A strategy as a word: ``window``, ``artbp:kappa=1/10``, ``artbp_schedule:length=10,alpha=6``.

The names are the files in ``derive/strategies``, the options the fields of what each file has: a new strategy needs
nothing here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from derive import registry
from derive.errors import InputError

if TYPE_CHECKING:
    from fractions import Fraction

    from derive.strategy import Strategy

PACKAGE = "derive.strategies"
_NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?|\d{1,9}/\d{1,9}")


def strategy(word: str, length: int) -> Strategy:
    """The strategy that a word names; what it leaves open is as for pieces of ``length`` steps.

    Raises InputError for an unknown name or option, or a value that is none.
    """
    from dataclasses import replace

    name, _, listed = word.partition(":")
    family = registry.load(PACKAGE, name, "strategy").STRATEGY
    typical: Strategy = family.of_length(length)
    values: dict[str, Any] = {}
    for option, value in (_option(word, part, typical.options) for part in listed.split(",") if part or listed):
        if option in values:
            raise InputError(f"--strategy {word[:60]}: {option} is given twice", mend="leave one of them out")
        values[option] = value
    return replace(typical, **values) if values else typical  # type: ignore[type-var]


def _option(word: str, part: str, known: dict[str, Any]) -> tuple[str, Any]:
    name, _, text = part.partition("=")
    shown = word[:60]
    if name not in known:
        choices = f"its options are: {', '.join(known)}" if known else "it has no options"
        raise InputError(f"--strategy {shown}: there is no option '{name[:30]}'", mend=choices)
    if not _NUMBER.fullmatch(text) or text.endswith("/0"):
        raise InputError(f"--strategy {shown}: '{text[:30]}' is not a number", mend="write 5, 0.8 or 4/5")
    value = _fraction(shown, text)
    if isinstance(known[name], int):
        if value.denominator != 1:
            raise InputError(f"--strategy {shown}: {name} counts steps", mend="give a whole number")
        return name, int(value)
    return name, value


def _fraction(shown: str, text: str) -> Fraction:
    from fractions import Fraction

    try:
        return Fraction(text)
    except ZeroDivisionError:
        raise InputError(f"--strategy {shown}: '{text}' divides by zero", mend="write 5, 0.8 or 4/5") from None
