"""The compiled program of a derivation: what is generated, and how it is given its arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.compiled.generated import Generated
from derive.compiled.given import Arrays, Inputs, Read, Wanted
from derive.compiled.phases import phases_of
from derive.compiled.plan import Plan, planned
from derive.compiled.reduction import BATCH
from derive.compiled.run import Run
from derive.compiled.stages import Stage
from derive.compiled.three_address import Instruction
from derive.derivation import Derivation
from derive.expr import Var
from derive.indices import T, value
from derive.model import Model
from derive.unroll import Place

Shaped = tuple[str, str, int, tuple[int, ...]]
"""A result: its name, its target, how many axes it has of its own, and its shape."""


@dataclass(frozen=True)
class Program(Generated):
    """Generated functions, one a stage; ``source`` is all that was generated.

    ``variables`` are the quantities of the model and of its derivation, at step t, by the target of their instruction.
    """

    model: Model
    plan: Plan
    variables: Mapping[str, Var] = field(default_factory=dict)

    @cached_property
    def sizes(self) -> dict[sp.Symbol, str]:
        return names_of_sizes(self.model)

    @property
    def stages(self) -> Mapping[str, Stage]:
        return self.plan.stages

    @cached_property
    def gradients(self) -> dict[str, Instruction]:
        """Every gradient of the sweep back, by name."""
        found = (self.stages[name].results for name in self.plan.back)
        return {name: own for results in found for name, own in results.items()}

    def run(self, given: Mapping[Place, Array], sizes: Mapping[sp.Symbol, int], dtype: Any = np.float64) -> Run:
        """The forward pass of what ``derive.unroll.unroll`` takes."""
        return Run(self, self.wanted.of_table(given, sizes), np.dtype(dtype))

    def run_arrays(
        self,
        parameters: Mapping[str, Array],
        starts: Mapping[str, Array],
        inputs: Inputs,
        targets: Array | Sequence[Array],
        steps: int | None = None,
        dtype: Any = np.float64,
    ) -> Run:
        """The forward pass.

        ``parameters`` (rows, cols) and constants by name; ``starts`` (n, 1) or (B, n, 1) by name, ``h_0``; ``inputs``
        (T, B, m, 1), by name where a model has several and None where it has none; ``targets`` (T, B, q, 1), or
        (1, B, q, 1) where only the last step has a loss.  ``steps`` is T, where no input and no target tells it.
        Raises InputError for what is missing or has another shape.
        """
        return self.run_given(self.wanted.of_arrays(parameters, starts, inputs, targets, steps), dtype)

    def run_given(self, given: Arrays, dtype: Any = np.float64) -> Run:
        """The same of arrays that have been looked at."""
        return Run(self, given, np.dtype(dtype))

    @cached_property
    def wanted(self) -> Wanted:
        return Wanted(self.model)

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        """What is read of what is given, ready to be looked up."""
        return tuple(map(Read.of, self.given))

    def shapes(self, stages: tuple[str, ...], sizes: Mapping[sp.Symbol, int]) -> tuple[Shaped, ...]:
        """What the results of stages are called, where they stand, and the shape of the mathematics."""
        key = (stages, *(sizes[symbol] for symbol in self.sizes))
        if key not in self._shapes:
            self._shapes[key] = tuple(
                (name, of.target, 1 if of.is_vector else 2, tuple(value(size, sizes) for size in of.shape))
                for stage in stages
                for name, of in self.stages[stage].results.items()
            )
        return self._shapes[key]

    @cached_property
    def _shapes(self) -> dict[tuple[object, ...], tuple[Shaped, ...]]:
        return {}


def compiled(derivation: Derivation) -> Program:
    """The program of a derivation.  Raises NotImplementedError for a node that no instruction is known for."""
    phases = phases_of(derivation)
    plan = planned(phases)
    variables = {target: variable for of in phases for target, variable in of.variables.items()}
    return Program(derivation.model, plan, variables)


def names_of_sizes(model: Model) -> dict[sp.Symbol, str]:
    """What the sizes of a model are called in generated code."""
    known = {*model.parameters, *model.initial_states, *(e.target for e in model.equations), *model.constants}
    known |= {*(x for phase in model.phases for x in model.inputs_of(phase)), model.readout.target}
    symbols = {symbol for variable in known for size in variable.shape for symbol in size.free_symbols}
    symbols |= {phase.length for phase in model.phases}
    return {symbol: f"n{place}" for place, symbol in enumerate([T, BATCH, *sorted(symbols - {T, BATCH}, key=str)])}
