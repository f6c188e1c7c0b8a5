"""Matrix expressions in the language of cell files: one small rule a node, the inverse of ``expressions``."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

import sympy as sp

from derive import expr as ex
from derive.build import split_factor
from derive.errors import InputError
from derive.indices import t
from derive.nonlinear import Map, Softmax

_SUM, _PRODUCT, _ATOM = range(3)
"""How tightly the parts of a text hold together."""
_LONGEST_DECIMAL = 12


def right_side(node: ex.Node) -> str:
    """Raises InputError for an expression that a cell file cannot hold."""
    return _written(node)[0]


def _at_least(node: ex.Node, level: int) -> str:
    text, own = _written(node)
    return text if own >= level else f"({text})"


@singledispatch
def _written(node: ex.Node) -> tuple[str, int]:
    """The text of a node, and how tightly it holds."""
    raise InputError(f"{type(node).__name__} has no form in a cell file: {node}", mend="write the cell in Python")


@_written.register
def _(node: ex.Var) -> tuple[str, int]:
    return (f"{node.name}[t-1]" if node.time == t - 1 else node.name), _ATOM


@_written.register
def _(node: ex.Fill) -> tuple[str, int]:
    sizes = ", ".join(map(str, node.shape if node.shape[1] != ex.ONE else node.shape[:1]))
    return (f"ones({sizes})", _ATOM) if node.value == 1 else (f"{_number(node.value)} * ones({sizes})", _PRODUCT)


@_written.register
def _(node: ex.Identity) -> tuple[str, int]:
    return f"eye({node.shape[0]})", _ATOM


@_written.register
def _(node: ex.Add) -> tuple[str, int]:
    text = ""
    for term in node.args:
        negative, size = _sign(term)
        sign = (" - " if negative else " + ") if text else ("-" if negative else "")
        body = _after_sign(size) if negative else _at_least(size, _PRODUCT)
        text += sign + (_number(size.value) if isinstance(size, ex.Fill) else body)
    return text, _SUM


def _sign(term: ex.Node) -> tuple[bool, ex.Node]:
    """Whether a term is negative, and the term without its sign."""
    if isinstance(term, ex.Fill):
        return bool(term.value < 0), ex.Fill(abs(term.value), *term.shape)
    factor, body = split_factor(term)
    negative = bool(factor < 0)
    return negative, (body if abs(factor) == 1 else ex.Scale(abs(factor), body))


@_written.register
def _(node: ex.Scale) -> tuple[str, int]:
    factor, body = node.args
    text = _after_sign(body)
    if not isinstance(factor, sp.Rational):
        raise InputError(f"the factor {factor} has no form in a cell file", mend="write the cell in Python")
    return (f"-{text}" if factor == -1 else f"{_number(factor)} * {text}"), _PRODUCT


def _after_sign(node: ex.Node) -> str:
    """What a sign or a number may stand before: it is taken to the first factor, and would go into a sum or a Fill."""
    harmless = isinstance(node, ex.MatMul) and not isinstance(node.args[0], ex.Fill | ex.Add)
    return _at_least(node, _PRODUCT if harmless or isinstance(node, ex.Scale) else _ATOM)


def _number(value: sp.Rational) -> str:
    """0.3 rather than 3/10, where that is exact."""
    decimal = format(Decimal(int(value.p)) / Decimal(int(value.q)), "f")
    return (
        decimal
        if len(decimal) <= _LONGEST_DECIMAL and Fraction(decimal) == Fraction(int(value.p), int(value.q))
        else str(value)
    )


@_written.register
def _(node: ex.MatMul) -> tuple[str, int]:
    return " @ ".join(_at_least(factor, _ATOM) for factor in node.args), _PRODUCT


@_written.register
def _(node: ex.Hadamard) -> tuple[str, int]:
    return " * ".join(_at_least(factor, _ATOM) for factor in node.args), _PRODUCT


@_written.register
def _(node: ex.Transpose) -> tuple[str, int]:
    return f"{_at_least(node.args[0], _ATOM)}.T", _ATOM


@_written.register
def _(node: Map) -> tuple[str, int]:
    return f"{node.function.name}({right_side(node.body)})", _ATOM


@_written.register
def _(node: Softmax) -> tuple[str, int]:
    return f"softmax({right_side(node.body)})", _ATOM
