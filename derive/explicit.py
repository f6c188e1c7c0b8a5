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
from derive.run import name_of
from derive.unroll import Place, Table, place, unroll


def small_sizes(steps: int, hidden: int = 2, inputs: int = 1, outputs: int = 2) -> dict[sp.Symbol, int]:
    """n, m, q and T for an explicit model."""
    return {N_STATE: hidden, N_INPUT: inputs, N_OUTPUT: outputs, T: steps}


@dataclass(frozen=True)
class Explicit:
    """A model with a symbol for every entry.

    ``origin`` says which entry of which variable a symbol is: (variable, row, column), one-based.
    """

    model: Model
    sizes: Mapping[sp.Symbol, int]
    origin: dict[sp.Symbol, tuple[Var, int, int]] = field(default_factory=dict)

    @cached_property
    def given(self) -> dict[Place, Array]:
        """Symbols for parameters, initial states, inputs and targets.

        A target that must sum to one has its last entry written as one minus the others.
        """
        model = self.model
        values = {place(v): self._symbols(v) for v in (*model.parameters, *model.initial_states)}
        for step in range(1, self.sizes[T] + 1):
            for source in model.cell.inputs:
                values[place(source, {t: step})] = self._symbols(source.at(step))
            target = self._symbols(model.readout.target.at(step))
            if model.loss.targets == "simplex":
                target[-1, 0] = 1 - target[:-1, 0].sum()
            values[place(model.readout.target, {t: step})] = target
        return values

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
        return unroll(self.model, self.given, self.sizes, arithmetic=Symbolic())

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
