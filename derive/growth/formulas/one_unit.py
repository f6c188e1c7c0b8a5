"""The formulas of a derivation for a network of one unit, in SymPy scalars with the time left symbolic.

A matrix of a cell with n = m = 1 is a number, so the derivation's own expressions become formulas such as
(1 − h_t²) w: nothing is written down anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array, Symbolic
from derive.derivatives import Derivative
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.indices import N_INPUT, N_OUTPUT, N_STATE


class Slopes(Symbolic):
    """SymPy scalars in which a function stays what it is called: φ′(z) is φ′ of a number."""

    def map(self, function: Any, x: Array) -> Array:
        return np.vectorize(lambda entry: function.symbolic(entry), otypes=[object])(x)


@dataclass
class OneUnit:
    """An environment of numbers: a timed variable is a function of its time, a shared one a symbol.

    ``given`` names what stands for a variable instead (the value 1 of an input weight, say).
    """

    given: Mapping[str, sp.Expr] = field(default_factory=dict)
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sizes: Mapping[sp.Symbol, int] = {N_STATE: 1, N_INPUT: 1, N_OUTPUT: 1}
        self.arithmetic: Arithmetic = Slopes()

    def leaf(self, node: Node, at: Binding) -> Array:
        return np.array([[self._number(node, at)]], dtype=object)

    def _number(self, node: Node, at: Binding) -> sp.Expr:
        if isinstance(node, Derivative):
            assert isinstance(node.target, Var), "a carried derivative is one of a state"
            return self._timed(carried(node.target.name, node.source.name), node.target, at)
        if not isinstance(node, Var):
            raise BpttError(f"{node} is no variable")
        if node.name in self.given:
            return self.given[node.name]
        return shared(node.name) if node.time is None else self._timed(sp.Function(node.name), node, at)

    def _timed(self, function: Any, node: Var, at: Binding) -> sp.Expr:
        numbers = {symbol: sp.Integer(number) for symbol, number in at.items()}
        return function(node.args[3].xreplace(numbers))


def shared(name: str) -> sp.Symbol:
    """The symbol of a parameter of a network of one unit."""
    return sp.Symbol(name, real=True)


def carried(state: str, parameter: str) -> Any:
    """∂h_t/∂w as a function of t."""
    return sp.Function(f"d{state}/d{parameter}")


def scalar(node: Node, env: OneUnit) -> sp.Expr:
    """An expression of a derivation as one number."""
    found = evaluate(node, env, {})
    return found[0, 0]
