"""The same model unrolled entry by entry in plain SymPy, for small n and T: what ``sympy.diff`` can judge.

Only the forward equations go in.  The gradient is ``sympy.diff`` of the unrolled loss; nothing of the differential
engine is used, so the two can be compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import sympy as sp

from derive.arithmetic import Array, Symbolic
from derive.expr import Var
from derive.indices import N_INPUT, N_OUTPUT, N_STATE, T, t, value
from derive.model import Model
from derive.phase import Phase
from derive.run import name_of
from derive.unroll import Place, Table, place, unroll


def small_sizes(steps: int, hidden: int = 2, inputs: int = 1, outputs: int = 2) -> dict[sp.Symbol, int]:
    """n, m, q and T for an explicit model."""
    return {N_STATE: hidden, N_INPUT: inputs, N_OUTPUT: outputs, T: steps}


def sizes_for(model: Model, steps: int) -> dict[sp.Symbol, int]:
    """Small sizes for a model: an encoder as long as the decoder, one more output where a vocabulary leaves one out."""
    sizes = small_sizes(steps, outputs=3 if model.constants else 2)
    return sizes | {phase.length: steps for phase in model.phases}


@dataclass(frozen=True)
class Explicit:
    """A model with a symbol for every entry.

    ``origin`` says which entry of which variable a symbol is: (variable, row, column), one-based.
    """

    model: Model
    sizes: Mapping[sp.Symbol, int]
    arithmetic: Symbolic = field(default_factory=Symbolic)
    origin: dict[sp.Symbol, tuple[Var, int, int]] = field(default_factory=dict)

    @cached_property
    def given(self) -> dict[Place, Array]:
        """Symbols for parameters, initial states, inputs and targets.

        A target that must sum to one has its last entry written as one minus the others.
        """
        model, wiring = self.model, self.model.wiring
        values = {place(v): self._symbols(v) for v in (*model.parameters, *model.initial_states)}
        values |= {place(constant): self._constant(constant) for constant in model.constants}
        for phase in model.phases:
            for step in range(1, value(phase.length, self.sizes) + 1):
                for source in model.inputs_of(phase):
                    values[place(source, {t: step})] = self._symbols(source.at(step))
        for step in range(value(wiring.first, self.sizes), value(wiring.last, self.sizes) + 1):
            target = self._symbols(model.readout.target.at(step))
            if model.loss.targets == "simplex":
                allowed = self._allowed(len(target))
                target[~allowed, 0] = 0
                last = int(np.flatnonzero(allowed)[-1])
                target[last, 0] = 1 - (target[:, 0].sum() - target[last, 0])
            values[place(model.readout.target, {t: step})] = target
        return values

    def _allowed(self, count: int) -> Array:
        """Which outputs the vocabulary has: all but the first, where there is one."""
        allowed = np.ones(count, dtype=bool)
        if self.model.constants:
            allowed[0] = False
        return allowed

    def _constant(self, mask: Var) -> Array:
        """Zero where an output is allowed, else −∞."""
        allowed = self._allowed(value(mask.shape[0], self.sizes))
        return np.array([[sp.Integer(0) if free else -sp.oo] for free in allowed], dtype=object)

    def _symbols(self, variable: Var) -> Array:
        rows, cols = (value(size, self.sizes) for size in variable.shape)
        entries = np.empty((rows, cols), dtype=object)
        for row, col in np.ndindex(rows, cols):
            subscript = f"{row + 1}{col + 1}" if cols > 1 else f"{row + 1}"
            symbol = sp.Symbol(f"{name_of(variable)}[{subscript}]", real=True)
            self.origin[symbol] = (variable, row + 1, col + 1)
            entries[row, col] = symbol
        return entries

    @cached_property
    def table(self) -> Table:
        """Every quantity of the forward pass as a SymPy expression of the symbols."""
        return unroll(self.model, self.given, self.sizes, arithmetic=self.arithmetic)

    def cut(self, phase: Phase) -> Table:
        """The same with symbols for the first states of a phase, also where an earlier phase gives them."""
        if not phase.starts:
            return self.table
        starts = {place(e.target): self._symbols(e.target) for e in phase.starts}
        return unroll(self.model, self.given, self.sizes, arithmetic=self.arithmetic, overrides=starts)

    @property
    def loss(self) -> sp.Expr:
        return self.table.values[place(self.model.total)][0, 0]

    def gradient(self, parameter: Var) -> Array:
        """∂L/∂parameter by ``sympy.diff``, entry by entry, in the parameter's shape."""
        symbols = self.given[place(parameter)]
        return np.vectorize(lambda symbol: sp.diff(self.loss, symbol), otypes=[object])(symbols)

    def sources(self) -> Iterator[Var]:
        """Every parameter that has a gradient: the shared ones and the initial states."""
        yield from (*self.model.parameters, *self.model.initial_states)
