"""What PyTorch calls the parameters of a model: which name holds which of ours.

Parameters that share one name are its row blocks, in the order of ``cell.pytorch``; what is not in that map goes by our
own name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.expr import ONE, Var
from derive.indices import value
from derive.model import Model
from derive.phase import Phase

ALONE, READOUT = "cell", "readout"
"""The module of a lone recurrence, and the linear one after it; two recurrences are called encoder and decoder."""


@dataclass(frozen=True)
class Slot:
    """A name in PyTorch, the module it belongs to, and the parameters that are its row blocks."""

    module: str
    name: str
    parameters: tuple[Var, ...]

    @property
    def label(self) -> str:
        """``weight_hh_l0``, ``encoder.weight_hh_l0`` or ``readout.weight``."""
        return self.name if self.module == ALONE else f"{self.module}.{self.name}"

    @property
    def shape(self) -> tuple[sp.Expr, ...]:
        """The symbolic shape in PyTorch, which keeps a bias as (n,), we as n × 1."""
        rows, cols = sp.Add(*(p.shape[0] for p in self.parameters)), self.parameters[0].shape[1]
        return (rows,) if cols == ONE else (rows, cols)

    def fits(self, key: str) -> bool:
        """Whether a key is this name, whatever the modules around it are called; a lone parameter's own name does too.

        Of two recurrences, the key has to say which.
        """
        *path, last = key.split(".")
        if last == self.name:
            return self.module in (ALONE, READOUT, *path)
        return len(self.parameters) == 1 and last == self.parameters[0].name

    def stacked(self, values: Mapping[Var, Array]) -> Array:
        """The row blocks on top of each other."""
        return np.concatenate([values[p] for p in self.parameters], axis=-2)

    def split(self, array: Array, sizes: Mapping[sp.Symbol, int]) -> Iterator[tuple[Var, Array]]:
        """The parameters in an array of PyTorch's, each in its own shape."""
        first = 0
        for parameter in self.parameters:
            rows, cols = (value(size, sizes) for size in parameter.shape)
            yield parameter, array[first : first + rows].reshape(rows, cols)
            first += rows


def slots(model: Model) -> tuple[Slot, ...]:
    """What a state_dict of this model has: the names of each recurrence, then the readout's ``weight`` and ``bias``."""
    readout = model.readout
    recurrent = (slot for phase in model.phases for slot in _slots_of(phase, model))
    return (*recurrent, Slot(READOUT, "weight", (readout.weight,)), Slot(READOUT, "bias", (readout.bias,)))


def module_of(phase: Phase, model: Model) -> str:
    return phase.name or ("decoder" if len(model.phases) > 1 else ALONE)


def _slots_of(phase: Phase, model: Model) -> Iterator[Slot]:
    names = phase.cell.pytorch
    order = {name: position for position, name in enumerate(names)}
    blocks: dict[str, list[Var]] = {}
    for parameter in sorted(phase.parameters, key=lambda p: order.get(p.name, len(order))):
        if parameter not in model.readout.parameters:
            blocks.setdefault(names.get(parameter.name, parameter.name), []).append(parameter)
    yield from (Slot(module_of(phase, model), name, tuple(parameters)) for name, parameters in blocks.items())
