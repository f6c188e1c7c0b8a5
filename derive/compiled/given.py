"""What a program is given, as arrays of all steps: parameters, initial states, inputs and targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

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
Axis: TypeAlias = sp.Expr | int
Inputs = Array | Sequence[Array] | Mapping[str, Array] | None

_SEEN = 64


@dataclass(frozen=True)
class Read:
    """What a program reads: of which array, whether that has an axis of steps, and whether it is a column."""

    target: str
    key: Key
    of_steps: bool
    is_vector: bool

    @classmethod
    def of(cls, read: Instruction) -> Read:
        kind, name = map(str, read.operands)
        return cls(read.target, (kind, name), kind in ("input", "target"), read.is_vector)


@dataclass(frozen=True)
class Arrays:
    """Every array by kind and name, and the sizes that they have."""

    of: Mapping[Key, Array]
    sizes: Mapping[sp.Symbol, int]
    shapes: tuple[object, ...]
    """Those of all arrays: what the sizes follow from."""

    def rows(self, read: Read, kind: np.dtype) -> Array:
        """The array that stands for a read: a column as a row, all steps and sequences below each other.

        Parameters and initial states are copied, so that they may be changed while a run is still in use.
        """
        found = self.seen(read, kind)
        return found if read.of_steps else found.copy()

    def seen(self, read: Read, kind: np.dtype) -> Array:
        """The same without a copy, for who is done with it before anybody can change it."""
        array = self.of[read.key]
        if array.dtype != kind:
            array = array.astype(kind)
        if read.of_steps:
            return array.reshape(-1, array.shape[-2])
        return array.reshape(*array.shape[:-2], -1) if read.is_vector else array


@dataclass(frozen=True)
class Wanted:
    """What the program of a model wants to be given: each array with its kind, its name and its axes."""

    model: Model

    @cached_property
    def shared(self) -> tuple[Var, ...]:
        return (*self.model.parameters, *self.model.constants)

    @cached_property
    def inputs(self) -> tuple[Var, ...]:
        return self.model.inputs_of(self.model.main)

    @cached_property
    def starts(self) -> tuple[tuple[str, Var], ...]:
        return tuple((name_of(state), state) for state in self.model.initial_states)

    @cached_property
    def axes(self) -> dict[Key, tuple[sp.Expr, ...]]:
        """Those of an initial state may also do without the batch in front."""
        target = self.model.readout.target
        with_loss = sp.Integer(1) if self.model.wiring.single else T
        return {
            **{(variable.kind, variable.name): variable.shape for variable in self.shared},
            **{(variable.kind, variable.name): (T, BATCH, *variable.shape) for variable in self.inputs},
            (target.kind, target.name): (with_loss, BATCH, *target.shape),
            **{("start", name): (BATCH, *state.shape) for name, state in self.starts},
        }

    def of_table(self, given: Mapping[Place, Array], sizes: Mapping[sp.Symbol, int]) -> Arrays:
        """What ``derive.unroll.unroll`` takes, with the steps in one array."""
        wiring, target = self.model.wiring, self.model.readout.target
        first, last = (value(limit, sizes) for limit in (wiring.first, wiring.last))
        return self._checked(
            {
                **{(variable.kind, variable.name): given[place(variable)] for variable in self.shared},
                **{("start", name): given[place(state)] for name, state in self.starts},
                **{(x.kind, x.name): _stacked(given, x, range(1, sizes[T] + 1)) for x in self.inputs},
                (target.kind, target.name): _stacked(given, target, range(first, last + 1)),
            },
            sizes[T],
        )

    def of_arrays(
        self,
        parameters: Mapping[str, Array],
        starts: Mapping[str, Array],
        inputs: Inputs,
        targets: Array | Sequence[Array] | None,
        steps: int | None,
        batch: int | None = None,
    ) -> Arrays:
        """Raises InputError for what is missing or has another shape; no targets are no loss.

        ``steps`` and ``batch`` are needed where no array tells them.
        """
        if len(self.inputs) > 1 and not isinstance(inputs, Mapping):
            raise InputError(f"this model has {len(self.inputs)} inputs", mend="give them by name")
        named = inputs if isinstance(inputs, Mapping) else {variable.name: inputs for variable in self.inputs}
        found = {key: _named(parameters, key[1]) for key in self._keys[0]}
        found |= {key: _named(starts, key[1]) for key in self._keys[1]}
        found |= {key: _named(named, key[1]) for key in self._keys[2]}
        if targets is not None:
            found[self._keys[3][0]] = np.asarray(targets)
        return self._checked(found, steps, batch)

    @cached_property
    def _keys(self) -> tuple[list[Key], ...]:
        """Of parameters and constants, of initial states, of inputs, and of the target."""
        starts = [("start", name) for name, _ in self.starts]
        kinds = (self.shared, self.inputs, (self.model.readout.target,))
        shared, inputs, target = ([(variable.kind, variable.name) for variable in kind] for kind in kinds)
        return shared, starts, inputs, target

    def _checked(self, found: Mapping[Key, Array], steps: int | None, batch: int | None = None) -> Arrays:
        """With the sizes, which all arrays have to agree on; the same shapes are looked at once."""
        shapes = (steps, batch, *(array.shape for array in found.values()))
        if shapes not in self._seen:
            if len(self._seen) >= _SEEN:
                self._seen.clear()
            self._seen[shapes] = self._sizes(found, steps, batch)
        return Arrays(found, self._seen[shapes], shapes)

    @cached_property
    def _seen(self) -> dict[tuple[object, ...], Mapping[sp.Symbol, int]]:
        return {}

    def _sizes(self, found: Mapping[Key, Array], steps: int | None, batch: int | None) -> dict[sp.Symbol, int]:
        sizes = {symbol: given for symbol, given in ((T, steps), (BATCH, batch)) if given is not None}
        for key, array in found.items():
            plain = tuple(int(axis) if axis.is_Integer else axis for axis in self.axes[key])
            _agree(key[1], array.shape, plain, sizes)
        sizes.setdefault(BATCH, 1)
        if T not in sizes:
            raise InputError("nothing tells how many steps there are", mend="give steps=")
        return sizes


def _stacked(given: Mapping[Place, Array], variable: Var, steps: range) -> Array:
    return np.stack([given[place(variable, {t: step})] for step in steps])


def _named(arrays: Mapping[str, Array | None], name: str) -> Array:
    found = arrays.get(name)
    if found is None:
        raise InputError(f"no value is given for {name}", mend="give an array of its shape")
    return found if isinstance(found, np.ndarray) else np.asarray(found)


def _agree(name: str, shape: tuple[int, ...], axes: tuple[Axis, ...], sizes: dict[sp.Symbol, int]) -> None:
    """Learn sizes from a shape, and compare it with those that are known."""
    if len(shape) == len(axes) - 1 and axes[0] is BATCH:
        axes = axes[1:]
    if len(shape) != len(axes):
        raise InputError(f"{name} has {len(shape)} axes", mend=f"give {len(axes)}: {', '.join(map(str, axes))}")
    for number, axis in zip(shape, axes, strict=True):
        wanted = axis if isinstance(axis, int) else _wanted(axis, number, sizes)
        if number != wanted or number < 1:
            mend = f"{axis} is {wanted} elsewhere" if number else f"{axis} is at least 1"
            raise InputError(f"{name} is {' × '.join(map(str, shape))}", mend=mend)


def _wanted(axis: sp.Expr, number: int, sizes: dict[sp.Symbol, int]) -> int:
    return sizes.setdefault(axis, number) if isinstance(axis, sp.Symbol) else value(axis, sizes)
