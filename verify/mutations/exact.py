"""Two ways to give the letters of a derivation exact values, modulo a random wide prime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.derivation import Derivation
from derive.derivatives import Call, Derivative
from derive.errors import BpttError
from derive.evaluate import Binding, stack_columns
from derive.expr import Node, Var
from derive.indices import N_PARAMETER, value
from derive.run import Derived
from derive.theory import Theory
from derive.unroll import Place, Table, place, unroll
from verify.jets.claims import Point
from verify.jets.dual import Dual, Jet
from verify.jets.free import MINUS_INFINITY


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
    """Every letter with its meaning at one point: δ and its like as the right derivation computes them, and every
    derivative by forward mode through the forward equations; ``w`` is one parameter.

    Raises KeyError for what does not exist or is not computed.
    """

    def __init__(self, derivation: Derivation, point: Point, theory: Theory, w: Var) -> None:
        super().__init__(derivation, point.forward)
        self.point, self.theory, self.w = point, theory, w
        self.sizes = {**point.sizes, N_PARAMETER: self._base(place(w)).size}
        self.moved: dict[Place, Table] = {}

    def leaf(self, node: Node, at: Binding) -> Array:
        theory = self.theory
        if isinstance(node, Derivative):
            return self._derivative(node, at)
        if isinstance(node, Var) and node.letter == theory.a().letter:
            return self._derivative(Derivative(theory.state.at(node.args[3]), theory.w), at)
        if isinstance(node, Var) and node.letter == theory.b().letter:
            return self._derivative(Derivative(theory.f(node.args[3]), theory.w), at)
        try:
            return super().leaf(node, at)
        except (StopIteration, BpttError):
            raise KeyError(node) from None

    def _derivative(self, node: Derivative, at: Binding) -> Array:
        """Partial for a function of one step, whose own copy of a weight is moved; else total."""
        numbers, target, source = {**self.sizes, **at}, node.target, node.source
        own = self.w if source.kind == "weights" else source
        if not isinstance(target, Call):
            assert isinstance(target, Var)
            return self._jacobian(place(own, numbers), place(target, numbers))
        time = value(target.output.args[3], numbers)
        if time < 1:
            raise KeyError(node)
        moved = place(own, numbers) if own.time is not None else (own.name, own.kind, time)
        return self._jacobian(moved, place(target.output, numbers))

    def _jacobian(self, source: Place, target: Place) -> Array:
        """∂target/∂source, matrices stacked by columns."""
        if source not in self.moved:
            self.moved[source] = self._perturbed(source)
        zero = self.arithmetic.filled(sp.Integer(0), 1, self._base(source).size)[0]
        changed = stack_columns(_read(self.moved[source], target))[:, 0]
        return np.stack([zero if jet.slopes is None else jet.slopes for jet in changed])

    def _perturbed(self, source: Place) -> Table:
        """The forward pass in jets, with every entry of ``source`` moved along a direction of its own."""
        base, point = self._base(source), self.point
        rows, cols = base.shape
        units = self.arithmetic.identity(base.size)
        moved = np.empty(base.shape, dtype=object)
        for row, col in np.ndindex(rows, cols):
            moved[row, col] = Jet(base[row, col], units[col * rows + row])
        given = {where: np.frompyfunc(_still, 1, 1)(array) for where, array in point.given.items()}
        return unroll(point.model, given, point.sizes, arithmetic=Dual(point.free), overrides={source: moved})

    def _base(self, source: Place) -> Array:
        own = source[1] == "stack" or source in self.forward.values
        return _read(self.forward, source if own else (source[0], source[1], None))


def _still(entry: Any) -> Any:
    """A given number that does not move; the −∞ of a mask is no number."""
    return entry if entry is MINUS_INFINITY else Jet(entry)


def _read(table: Table, where: Place) -> Array:
    return table.stacked(where) if where[1] == "stack" else table.values[where]
