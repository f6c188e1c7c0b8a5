"""Time indices and dimensions: plain SymPy integers, made once so that equal names are equal symbols."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import sympy as sp

Index = sp.Expr
Shape = tuple[sp.Expr, sp.Expr]

t, s, i, j, k = (sp.Symbol(name, integer=True) for name in "tsijk")
T, S = (sp.Symbol(name, integer=True, positive=True) for name in "TS")
"""The steps of the network with the loss, and of an encoder before it."""


def scalar(number: sp.Basic | int) -> sp.Expr:
    """A number as SymPy's; what is SymPy's already passes untouched, which ``sympify`` takes long to find out."""
    return number if isinstance(number, sp.Basic) else sp.sympify(number)


def dimension(name: str) -> sp.Symbol:
    """A positive integer dimension, such as the number n of hidden units."""
    return sp.Symbol(name, integer=True, positive=True)


def entry_index(name: str) -> sp.Symbol:
    """An index of a matrix entry.  Carries no sign, so it is never mistaken for a dimension of the same name."""
    return sp.Symbol(name, integer=True, nonnegative=True)


N_STATE, N_INPUT, N_OUTPUT, N_PARAMETER = (dimension(name) for name in "nmqp")


def by_name(sizes: Mapping[sp.Symbol, int]) -> dict[str, int]:
    """Sizes under the names of their symbols, as plain data."""
    return {symbol.name: number for symbol, number in sizes.items()}


def fresh(avoid: set[sp.Symbol], like: sp.Symbol) -> sp.Symbol:
    """A symbol named like ``like`` that is not in ``avoid``: i, i', i''…"""
    while like in avoid:
        like = sp.Symbol(like.name + "'", integer=True)
    return like


def value(index: sp.Expr, binding: Mapping[sp.Symbol, int]) -> int:
    """The integer that an affine index has under ``binding``.

    Raises KeyError when a symbol in it is not bound.
    """
    if isinstance(index, sp.Integer):
        return int(index)
    if isinstance(index, sp.Symbol):
        return binding[index]
    symbol, constant = _shifted(index)
    if symbol is not None:
        return binding[symbol] + constant
    return int(index.xreplace({symbol: sp.Integer(binding[symbol]) for symbol in index.free_symbols}))


@lru_cache(maxsize=4096)
def _shifted(index: sp.Expr) -> tuple[sp.Symbol | None, int]:
    """The symbol and the number of t + 1; no symbol for an index of another kind."""
    constant, rest = index.as_coeff_Add()
    return (rest, int(constant)) if rest.is_Symbol and constant.is_Integer else (None, 0)
