"""An environment for expressions about step t: at one step, or at all steps on an axis in front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from derive.arithmetic import Arithmetic, Array, Floating
from derive.cell import Equation
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate
from derive.expr import Node, Var
from derive.indices import t

Arrays = dict[str, Array]
Letter = tuple[str, str]
Letters = dict[Letter, Array]
_FLOATING = Floating()


@dataclass
class Steps:
    """``now`` are values of step t, ``before`` states of step t − 1, ``shared`` parameters by name.

    ``later`` are expressions of letters that are computed when they are asked for.
    """

    sizes: Mapping[sp.Symbol, int]
    shared: Mapping[str, Array]
    now: Letters
    before: Mapping[Letter, Array] = field(default_factory=dict)
    later: Mapping[Letter, Node] = field(default_factory=dict)
    arithmetic: Arithmetic = _FLOATING
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)

    def leaf(self, node: Node, at: Binding) -> Array:
        if not isinstance(node, Var):
            raise BpttError(f"{node} is not computed by any step")
        time = node.time
        if time is None:
            return self.shared[node.name]
        letter = node.letter
        if time != t:
            return self.before[letter]
        if letter not in self.now and letter in self.later:
            self.now[letter] = self.value(self.later[letter])
        return self.now[letter]

    def value(self, node: Node) -> Array:
        return evaluate(node, self, {})

    def run(self, equations: Sequence[Equation]) -> None:
        """Equations of step t, in order."""
        for equation in equations:
            self.now[equation.target.letter] = self.value(equation.expression)
