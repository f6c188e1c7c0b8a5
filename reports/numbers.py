"""Numbers for print: short, aligned, and never more precise than they are."""

from __future__ import annotations

import math

from reports.formula.tree import Atom, Formula, Script, row

_DECIMALS, _MOST_DECIMALS = 4, 8


def scientific(value: float | None, digits: int = 1) -> Formula:
    """1.2 × 10⁻¹⁶; a plain 0; a dash for nothing."""
    if value is None:
        return Atom("–")
    if value == 0 or not math.isfinite(value):
        return Atom("0") if value == 0 else Atom(str(value))
    mantissa, exponent = f"{value:.{digits}e}".split("e")
    return row(*_signed(mantissa), "times", Script(Atom("10"), None, row(*_signed(str(int(exponent))))))


def power_of_ten(log10: float) -> Formula:
    """A number given by its decimal logarithm, for values that floats cannot hold."""
    if not math.isfinite(log10):
        return Atom("0")
    exponent = math.floor(log10)
    mantissa = f"{10 ** (log10 - exponent):.1f}"
    if mantissa == "10.0":
        mantissa, exponent = "1.0", exponent + 1
    if -2 <= exponent <= 1:
        return Atom(f"{10**log10:.2f}")
    return row(mantissa, "times", Script(Atom("10"), None, row(*_signed(str(exponent)))))


def fixed(value: float, digits: int = 4) -> Formula:
    """0.1234, with a true minus sign."""
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return row(*_signed(text))


def measured(value: float) -> Formula:
    """Four decimals, or as many as show three digits of a small number: 0.3752, 0.000197."""
    leading = math.floor(math.log10(abs(value))) if value else 0
    return fixed(value, min(max(_DECIMALS, 2 - leading), _MOST_DECIMALS))


def short(value: float) -> Formula:
    """At most four decimals, without trailing zeros: 0.5, −0.25."""
    if math.isinf(value):
        return row(*_signed("-infinity" if value < 0 else "infinity"))
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return row(*_signed("0" if text in ("-0", "") else text))


def _signed(text: str) -> tuple[str, ...]:
    return ("-", text[1:]) if text.startswith("-") else (text,)
