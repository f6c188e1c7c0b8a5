"""SymPy scalars as presentation formulas: indices, limits, weights such as 1/T.

Numbers that depend on the time, ξ_t and products of such, are left to ``reports.present.scalars``.
"""

from __future__ import annotations

import re

import sympy as sp
from sympy.core.function import AppliedUndef

from reports.formula.tree import Atom, Formula, Frac, Script, row

_LETTER_AND_DIGITS = re.compile(r"([A-Za-z]+)(\d+)")


def index(value: sp.Expr) -> Formula:
    """``t − 1``, ``1/T``, ``3``: sums of integer multiples of symbols, and quotients of such."""
    value = sp.sympify(value)
    if value.atoms(AppliedUndef, sp.Product, sp.floor, sp.Max):
        from reports.present.scalars import expression

        return expression(value)
    top, bottom = sp.fraction(value)
    if bottom != 1:
        sign = ["-"] if top.could_extract_minus_sign() else []
        return row(*sign, Frac(index(-top if sign else top), index(bottom)))
    if isinstance(value, sp.Symbol):
        return _symbol(value.name)
    if value.is_number:
        return row("-", Atom(str(-value))) if value.is_negative else Atom(str(value))
    if isinstance(value, sp.Add):
        return _sum(value)
    if isinstance(value, sp.Mul):
        return row(*(index(factor) for factor in value.args))
    if isinstance(value, sp.Pow) and value.base.is_Symbol:
        return Script(index(value.base), None, index(value.exp))
    if isinstance(value, sp.KroneckerDelta):
        return Script(Atom("delta"), row(*(index(part) for part in value.args)))
    return Atom(str(value))


def _symbol(name: str) -> Formula:
    primes = len(name) - len(name.rstrip("'"))
    match = _LETTER_AND_DIGITS.fullmatch(name)
    body: Formula = Script(Atom(match[1]), Atom(match[2])) if match else Atom(name.rstrip("'"))
    return Script(body, None, row(*["prime"] * primes)) if primes else body


def _sum(value: sp.Add) -> Formula:
    """Symbols first, what is subtracted after them, the number last: t − k + 1."""

    def rank(term: sp.Expr) -> tuple[bool, bool, object]:
        return bool(term.is_number), term.could_extract_minus_sign(), sp.default_sort_key(term)

    terms = sorted(value.args, key=rank)
    items: list[Formula | str] = []
    for place, term in enumerate(terms):
        negative = term.could_extract_minus_sign()
        if negative or place:
            items.append("-" if negative else "+")
        items.append(index(-term if negative else term))
    return row(*items)
