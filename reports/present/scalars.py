"""SymPy scalars as formulas: sums, products, quotients and powers of letters and of timed letters h_t; products over j.

A letter may stand for a matrix: in x − λ with x for W the number λ then means λ I.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

import sympy as sp
from sympy.core.function import AppliedUndef

from reports.formula.tree import Atom, Big, Formula, Frac, Paren, Script, row
from reports.present.index import index

_DERIVATIVE = re.compile(r"d(\w+)/d(\w+)")
_NUMBERED = re.compile(r"([A-Za-z]+)(\d+)")


def expression(expr: sp.Expr, matrices: Mapping[sp.Symbol, Formula] | None = None) -> Formula:
    """A formula of a number, or of a polynomial in a matrix that ``matrices`` has a formula for."""
    return _formula(sp.sympify(expr), matrices or {})


def _formula(expr: sp.Expr, matrices: Mapping[sp.Symbol, Formula]) -> Formula:
    again = partial(_formula, matrices=matrices)
    if expr in matrices:
        return matrices[expr]
    if isinstance(expr, sp.Product):
        (inner, low, high) = expr.limits[0]
        return Big("prod", row(index(inner), "=", index(low)), index(high), _inside(expr.function, matrices))
    if isinstance(expr, sp.floor):
        return Paren(again(expr.args[0]), "⌊", "⌋")
    if isinstance(expr, sp.Max):
        listed = [part for own in sorted(expr.args, key=str) for part in (",", again(own))][1:]
        return row("max", Paren(row(*listed)))
    if isinstance(expr, AppliedUndef):
        return timed(expr.func.__name__, expr.args[0])
    if isinstance(expr, sp.Symbol):
        return _symbol(expr.name)
    if isinstance(expr, sp.Add):
        return _sum(expr, matrices)
    top, bottom = sp.fraction(expr) if not _is_power(expr) else (expr, sp.Integer(1))
    if bottom != 1:
        sign = ["-"] if top.could_extract_minus_sign() and not top.is_Add else []
        return row(*sign, Frac(again(-top if sign else top), again(bottom)))
    if isinstance(expr, sp.Pow):
        return Script(_inside(expr.base, matrices), None, again(expr.exp))
    if isinstance(expr, sp.Mul):
        return row(*(_inside(factor, matrices) for factor in _ordered(expr)))
    if isinstance(expr, sp.Function):
        return row(Atom(type(expr).__name__), "thin", _inside(expr.args[0], matrices))
    return index(expr)


def _is_power(expr: sp.Expr) -> bool:
    """λ^{k−1} is a power, and no quotient λ^k / λ."""
    return isinstance(expr, sp.Pow) and not expr.exp.is_number


def _ordered(expr: sp.Expr) -> list[sp.Expr]:
    """Numbers and letters first, powers after them, then sums; a product sign last, since it has no end."""

    def rank(factor: sp.Expr) -> tuple[int, str]:
        kinds = (factor.is_number, isinstance(factor, sp.Symbol), isinstance(factor, sp.Pow), factor.is_Function)
        last = len(kinds) + isinstance(factor, sp.Product)
        return (next((place for place, has in enumerate(kinds) if has), last), str(factor))

    return sorted(expr.args, key=rank)


def _inside(expr: sp.Expr, matrices: Mapping[sp.Symbol, Formula]) -> Formula:
    """In parentheses where it is a sum, or negative."""
    shown = _formula(expr, matrices)
    needs = isinstance(expr, sp.Add) or (expr.is_number and (bool(expr.is_negative) or not expr.is_Integer))
    return Paren(shown) if needs else shown


def _sum(expr: sp.Add, matrices: Mapping[sp.Symbol, Formula]) -> Formula:
    """Beside a matrix a number is a multiple of I."""
    with_matrix = bool(expr.free_symbols & matrices.keys())
    items: list[Formula | str] = []
    for term in _terms(expr, matrices):
        negative = term.could_extract_minus_sign()
        if negative or items:
            items.append("-" if negative else "+")
        positive = -term if negative else term
        alone = with_matrix and not positive.free_symbols & matrices.keys()
        one = [Atom("I")] if alone else []
        items += one if alone and positive == 1 else [_formula(positive, matrices), *one]
    return row(*items)


def _terms(expr: sp.Add, matrices: Mapping[sp.Symbol, Formula]) -> list[sp.Expr]:
    """Positive terms first; a number leads, as in 1 − h², unless it is negative or the sum is one of indices, t + 1."""
    linear = all(term.is_number or isinstance(term.as_coeff_Mul()[1], sp.Symbol | sp.Max) for term in expr.args)

    def rank(term: sp.Expr) -> tuple[bool, bool, int, int, str]:
        negative = term.could_extract_minus_sign()
        mixed = bool(term.free_symbols & matrices.keys()) and not term.is_Symbol
        late_number = bool(term.is_number) and (negative or linear)
        degree = 0 if term.is_number else -sp.Poly(term).total_degree() if term.is_polynomial() and negative else 1
        return negative, mixed or late_number, len(term.free_symbols), degree, str(term)

    return sorted(expr.args, key=rank)


def _symbol(name: str) -> Formula:
    """λ1 as λ₁, W_h with its subscript."""
    numbered = _NUMBERED.fullmatch(name)
    if numbered:
        return Script(Atom(numbered[1]), Atom(numbered[2]))
    letter, _, subscript = name.partition("_")
    return Script(Atom(letter), Atom(subscript)) if subscript else Atom(letter)


def timed(name: str, time: sp.Expr) -> Formula:
    """h_t; and ∂h_t/∂λ for a derivative that is carried along."""
    found = _DERIVATIVE.fullmatch(name)
    if not found:
        letter, _, mark = name.partition("^")
        return Script(Atom(letter), index(time), Atom(mark, "upright") if mark else None)
    return Frac(row("partial", timed(found[1], time)), row("partial", _symbol(found[2])))
