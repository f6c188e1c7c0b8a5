"""What a program is given, as arrays of all steps: parameters, initial states, inputs and targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.compiled.reduction import BATCH
from derive.compiled.three_address import Instruction
from derive.errors import InputError
from derive.expr import Var
from derive.indices import T, t, value
from derive.model import Model
from derive.run import name_of
from derive.unroll import Place, place

Key = tuple[str, str]
"""The kind and the name of something that is read."""


@dataclass(frozen=True)
class Given:
    """As ``Program.run_arrays`` takes it."""

    parameters: Mapping[str, Array]
    starts: Mapping[str, Array]
    inputs: Array | Sequence[Array] | Mapping[str, Array] | None
    targets: Array | Sequence[Array]
    steps: int | None = None


@dataclass(frozen=True)
class Arrays:
    """Every array by kind and name, and the sizes that they have."""

    arrays: Mapping[Key, Array]
    sizes: Mapping[sp.Symbol, int]

    def rows(self, read: Instruction, kind: np.dtype) -> Array:
        """The array that stands for a read: a column as a row, all steps and sequences below each other."""
        array = np.asarray(self.arrays[read.operands], kind)  # type: ignore[index]
        if not read.is_vector:
            return array
        if read.operands[0] in ("input", "target"):
            return array.reshape(-1, array.shape[-2])
        return array.reshape(*array.shape[:-2], -1)


def of_table(model: Model, given: Mapping[Place, Array], sizes: Mapping[sp.Symbol, int]) -> Arrays:
    """What ``derive.unroll.unroll`` takes, with the steps in one array."""
    found: dict[Key, Array] = {}
    for variable in (*model.parameters, *model.constants):
        found[variable.kind, variable.name] = given[place(variable)]
    for state in model.initial_states:
        found["start", name_of(state)] = given[place(state)]
    first, last = (value(limit, sizes) for limit in (model.wiring.first, model.wiring.last))
    for variable in model.inputs_of(model.main):
        found[variable.kind, variable.name] = _stacked(given, variable, range(1, sizes[T] + 1))
    target = model.readout.target
    found[target.kind, target.name] = _stacked(given, target, range(first, last + 1))
    return _checked(model, found, sizes[T])


def _stacked(given: Mapping[Place, Array], variable: Var, steps: range) -> Array:
    return np.stack([np.asarray(given[place(variable, {t: step})]) for step in steps])


def of_arrays(model: Model, given: Given) -> Arrays:
    """Raises InputError for what is missing or has another shape."""
    found: dict[Key, Array] = {}
    for variable in (*model.parameters, *model.constants):
        found[variable.kind, variable.name] = _named(given.parameters, variable.name)
    for state in model.initial_states:
        found["start", name_of(state)] = _named(given.starts, name_of(state))
    inputs = model.inputs_of(model.main)
    for variable in inputs:
        of_name = given.inputs if isinstance(given.inputs, Mapping) else {variable.name: given.inputs}
        if len(inputs) > 1 and not isinstance(given.inputs, Mapping):
            raise InputError(f"this model has {len(inputs)} inputs", mend="give them by name")
        found[variable.kind, variable.name] = _named(of_name, variable.name)
    target = model.readout.target
    found[target.kind, target.name] = np.asarray(given.targets)
    return _checked(model, found, given.steps)


def _named(arrays: Mapping[str, Array | None], name: str) -> Array:
    found = arrays.get(name)
    if found is None:
        raise InputError(f"no value is given for {name}", mend="give an array of its shape")
    return np.asarray(found)


def _checked(model: Model, found: Mapping[Key, Array], steps: int | None) -> Arrays:
    """With the sizes, which all arrays have to agree on."""
    sizes: dict[sp.Symbol, int] = {} if steps is None else {T: steps}
    for variable, key, axes in _expected(model):
        _agree(variable, np.shape(found[key]), axes, sizes)
    if T not in sizes:
        raise InputError("nothing tells how many steps there are", mend="give steps=")
    return Arrays(found, sizes)


def _expected(model: Model) -> Iterator[tuple[str, Key, tuple[sp.Expr, ...]]]:
    """What every array is called and its axes; those of initial states may have the batch in front."""
    for variable in (*model.parameters, *model.constants):
        yield variable.name, (variable.kind, variable.name), variable.shape
    for variable in model.inputs_of(model.main):
        yield variable.name, (variable.kind, variable.name), (T, BATCH, *variable.shape)
    target = model.readout.target
    with_loss = sp.Integer(1) if model.wiring.single else T
    yield target.name, (target.kind, target.name), (with_loss, BATCH, *target.shape)
    for state in model.initial_states:
        yield name_of(state), ("start", name_of(state)), (BATCH, *state.shape)


def _agree(name: str, shape: tuple[int, ...], axes: tuple[sp.Expr, ...], sizes: dict[sp.Symbol, int]) -> None:
    """Learn sizes from a shape, and compare with those that are known."""
    if len(shape) == len(axes) - 1 and axes[0] == BATCH:
        axes = axes[1:]
    if len(shape) != len(axes):
        raise InputError(f"{name} has {len(shape)} axes", mend=f"give {len(axes)}: {', '.join(map(str, axes))}")
    for number, axis in zip(shape, axes, strict=True):
        wanted = sizes.setdefault(axis, number) if axis.is_Symbol else value(axis, sizes)
        if number != wanted or number < 1:
            raise InputError(f"{name} is {' × '.join(map(str, shape))}", mend=f"{axis} is {wanted} elsewhere")
