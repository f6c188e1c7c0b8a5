"""Fractions for running text: ∂L/∂W on one line instead of a small ∂L over ∂W that forces the lines apart."""

from __future__ import annotations

from reports.formula.shape import flatten, is_tall, kind
from reports.formula.tree import Atom, Formula, Frac, Role, Row


def slashed(formula: Formula) -> Formula:
    """The formula with its outermost fractions on one line, where that cannot be misread."""
    match formula:
        case Frac(num, den) if _is_simple(num) and _is_simple(den) and _factors(den) == 1:
            return Row((num, Atom("/"), den))
        case Role(body, role):
            return Role(slashed(body), role)
        case Row(items):
            return Row(tuple(slashed(x) if _is_alone(items, n) else x for n, x in enumerate(items)))
        case _:
            return formula


def _is_simple(formula: Formula) -> bool:
    return not is_tall(formula) and all(kind(item) not in ("bin", "rel") for item in flatten(formula))


def _factors(formula: Formula) -> int:
    return sum(kind(item) not in ("prefix", "space") for item in flatten(formula))


def _is_alone(items: tuple[Formula, ...], index: int) -> bool:
    """True if only operators and relations stand beside the item."""
    beside = [items[n] for n in (index - 1, index + 1) if 0 <= n < len(items)]
    return all(kind(item) in ("bin", "rel", "punct") for item in beside)
