"""The law of a strategy's factors, read off the strategy itself, with letters for its options and for the age.

``chance`` and ``factor`` are called as they are, on a copy of the strategy whose options are SymPy symbols: what holds
for the symbols holds for every value that the strategy allows.  A strategy that decides by comparing numbers cannot be
read so; its law is then read with its own numbers, and with a letter for the age alone, or not at all.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import sympy as sp

from derive.strategy import Strategy
from derive.truncation.formulas.law import Law

age = sp.Symbol("d", integer=True, positive=True)
"""The steps since the last cut."""


def law_of(strategy: Strategy) -> Law | None:
    """The law given the past, which is the age; None where no letter can stand for it."""
    readings: tuple[Strategy, ...] = (with_letters(strategy), strategy)
    for own in readings:
        try:
            found = own.chance(_AGE), own.factor(True, _AGE), own.factor(False, _AGE)
        except TypeError:  # a letter is neither above a number nor below it
            continue
        return Law(*map(sp.sympify, found))
    return None


_AGE: Any = age


def with_letters(strategy: Strategy) -> Strategy:
    """A copy with a letter for every option, unchecked; of a strategy within it as well."""
    copy = object.__new__(type(strategy))
    for own in fields(strategy):  # type: ignore[arg-type]
        value = getattr(strategy, own.name)
        letter = with_letters(value) if isinstance(value, Strategy) else sp.Symbol(own.name, positive=True)
        object.__setattr__(copy, own.name, letter)
    return copy
