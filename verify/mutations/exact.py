"""Two ways to give the letters of a derivation exact values, modulo a random wide prime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.derivatives import Call, Derivative
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate, integer
from derive.expr import Node, Var
from derive.indices import N_PARAMETER, t, value
from derive.run import Derived
from derive.theory import Theory
from derive.unroll import Table


@dataclass
class Anything:
    """Every quantity at every step is a matrix of its own, drawn when it is first asked for."""

    sizes: Mapping[sp.Symbol, int]
    arithmetic: Any
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)
    known: dict[Node, Array] = field(default_factory=dict)

    def leaf(self, node: Node, at: Binding) -> Array:
        numbers = {**self.sizes, **at}
        key = node.xreplace({symbol: sp.Integer(numbers[symbol]) for symbol in node.free_symbols})
        if key not in self.known:
            self.known[key] = self._drawn(value(node.shape[0], numbers), value(node.shape[1], numbers))
        return self.known[key]

    def _drawn(self, rows: int, cols: int) -> Array:
        drawn = np.empty((rows, cols), dtype=object)
        for where in np.ndindex(rows, cols):
            drawn[where] = self.arithmetic.field.draw()
        return drawn


class Meant(Derived):
    """Every letter has the value that the right derivation gives it on one forward pass; ``w`` is one parameter.

    Raises KeyError for what does not exist or is not computed.
    """

    def __init__(self, derivation: Derivation, forward: Table, theory: Theory, w: Var) -> None:
        super().__init__(derivation, forward)
        self.theory, self.w = theory, w
        rows, cols = (value(size, forward.sizes) for size in w.shape)
        self.sizes = {**forward.sizes, N_PARAMETER: rows * cols}

    @cached_property
    def _general(self) -> dict[tuple[str, str], Any]:
        return {self.theory.a().letter: self._total, self.theory.b().letter: self._local}

    def leaf(self, node: Node, at: Binding) -> Array:
        if isinstance(node, Var) and node.letter in self._general:
            return self._general[node.letter](integer(node.args[3], self, at), at)
        return self._derivative(node, at) if isinstance(node, Derivative) else self._computed(node, at)

    def _computed(self, node: Node, at: Binding) -> Array:
        try:
            return super().leaf(node, at)
        except (StopIteration, BpttError):
            raise KeyError(node) from None

    def _derivative(self, node: Derivative, at: Binding) -> Array:
        target = node.target
        if not isinstance(target, Var | Call):
            raise KeyError(node)
        output = target.output if isinstance(target, Call) else target
        if output.head != self.theory.state.head:
            raise KeyError(node)
        time = integer(output.args[3], self, at)
        if isinstance(target, Var):
            return self._total(time, at) if node.source.kind == "weights" else self._computed(node, at)
        if node.source.kind == "weights":
            return self._local(time, at)
        return self._computed(self.theory.c(time), at)

    def _total(self, time: int, at: Binding) -> Array:
        return self._computed(Derivative(self.theory.state.at(time), self.w), at)

    def _local(self, time: int, at: Binding) -> Array:
        if not 1 <= time <= self.sizes[self.theory.length]:
            raise KeyError(time)
        return evaluate(self.derivation[self.theory.key(f"local.b_{self.w.name}")].rhs, self, {t: time})
