"""What strategies are called in figures, tables and sentences."""

from __future__ import annotations

from fractions import Fraction

from derive.strategy import Strategy
from reports.document.inline import Inline
from reports.formula.tree import Formula, Frac, Script, row
from verify.truncation.controls import Uncompensated

_SYMBOLS = {"tau": row("tau"), "pi": row("pi"), "kappa": row("kappa"), "alpha": row("alpha"),
            "length": Script(row("L"), row("0"))}  # fmt: skip


def plain(strategy: Strategy) -> str:
    """``window``, ``ARTBP schedule``; of a control, what it is a control of."""
    if isinstance(strategy, Uncompensated):
        return f"{plain(strategy.of)}, not compensated"
    return strategy.spoken or strategy.name.replace("_", " ")


def with_options(strategy: Strategy) -> Inline:
    """``window, τ = 5``."""
    parts: list[Formula | str] = [plain(strategy)]
    if is_control(strategy):
        return tuple(parts)
    for name, value in strategy.options.items():
        if not isinstance(value, Strategy):
            parts += [", ", row(_SYMBOLS.get(name, row(name)), "=", _number(value))]
    return tuple(parts)


def _number(value: object) -> Formula:
    if isinstance(value, Fraction) and value.denominator != 1:
        return Frac(row(str(value.numerator)), row(str(value.denominator)))
    return row(str(value))


def is_control(strategy: Strategy) -> bool:
    return isinstance(strategy, Uncompensated)
