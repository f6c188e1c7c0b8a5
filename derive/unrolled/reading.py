"""Nodes read as something else: floats, fractions, or SymPy's expressions."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any, Protocol

import numpy as np
import sympy as sp
from sympy.printing.numpy import NumPyPrinter

from derive.compiled.exact import InexactError
from derive.unrolled.functions import CHOICE
from derive.unrolled.nodes import ADD, DIVIDE, MULTIPLY, SUBTRACT, Node, Operand, needed

Function = Callable[..., Any]
ARITHMETIC: Mapping[str, Function] = {
    ADD: operator.add,
    SUBTRACT: operator.sub,
    MULTIPLY: operator.mul,
    DIVIDE: operator.truediv,
    "power": operator.pow,
}


class Kind(Protocol):
    """A kind of number, which has + − · / of its own."""

    def number(self, written: int | Fraction) -> Any: ...

    def function(self, name: str) -> Function:
        """The function that NumPy calls ``name``, of a condition and two values for a choice."""
        ...


class Floats:
    def number(self, written: int | Fraction) -> float:
        return float(written)

    def function(self, name: str) -> Function:
        found: Function = getattr(np, name)
        return found


class Fractions:
    """Where nothing but + − · / occurs."""

    def number(self, written: int | Fraction) -> Fraction:
        return Fraction(written)

    def function(self, name: str) -> Function:
        raise InexactError(f"fractions have no {name}")


_OF_SYMPY = {name.removeprefix("numpy."): getattr(sp, known) for known, name in NumPyPrinter()._kf.items()
             if hasattr(sp, known)}  # fmt: skip
_OF_SYMPY |= {
    "absolute": sp.Abs, "maximum": sp.Max, "minimum": sp.Min, "greater": sp.Gt, "greater_equal": sp.Ge, "less": sp.Lt,
    "less_equal": sp.Le, "equal": sp.Eq, "not_equal": sp.Ne, "logical_and": sp.And, "logical_or": sp.Or,
    CHOICE: lambda condition, yes, no: sp.Piecewise((yes, condition), (no, True)),
}  # fmt: skip


class Expressions:
    """SymPy's; what is shared is one object, which SymPy's own functions write out as often as it occurs."""

    def number(self, written: int | Fraction) -> sp.Rational:
        own = Fraction(written)
        return sp.Rational(own.numerator, own.denominator)

    def function(self, name: str) -> Function:
        found: Function = _OF_SYMPY[name]
        return found


def read(roots: Iterable[Operand], symbols: Mapping[Node, Any], kind: Kind) -> list[Any]:
    """The values of some nodes, with the values of their ``symbols``.

    Raises KeyError for a symbol without a value, InexactError for a function that a kind does not have.
    """
    wanted = list(roots)
    known: dict[Node, Any] = dict(symbols)

    def value(operand: Operand) -> Any:
        return known[operand] if isinstance(operand, Node) else kind.number(operand)

    for node in needed(wanted):
        if node.operation == "symbol":
            known[node] = symbols[node]
        else:
            apply = ARITHMETIC.get(node.operation) or kind.function(node.operation)
            known[node] = apply(*map(value, node.operands))
    return [value(root) for root in wanted]


def to_sympy(roots: Iterable[Operand]) -> list[sp.Expr]:
    """With a SymPy symbol of its name for every symbol."""
    wanted = list(roots)
    names = {node: sp.Symbol(node.operands[0], real=True) for node in needed(wanted) if node.operation == "symbol"}
    return read(wanted, names, Expressions())
