"""A trained network from files: weights with PyTorch's names and a sequence become what ``unroll`` wants.

Which name is which parameter comes from ``cell.pytorch``; dimensions come from the symbolic shapes of the
parameters.  Parameters that share one PyTorch name are its row blocks, in the order of that map.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.errors import InputError
from derive.expr import ONE, Var
from derive.indices import T, value
from derive.model import Model
from derive.unroll import Place, place
from verify.problem import Problem
from verify.readers import read_sequence, read_weights, shown, where
from verify.readers._dimensions import Dimensions, shape_text
from verify.readers._targets import task

LATER_LAYER = re.compile(r"_l[1-9]\d*(_reverse)?$|_reverse$")


@dataclass(frozen=True)
class TrainedRun:
    """``unroll(model, run.given, run.sizes)`` runs the trained network; ``notes`` say what was assumed."""

    sizes: Mapping[sp.Symbol, int]
    given: Mapping[Place, Array]
    notes: tuple[str, ...]

    def problem(self, model: Model) -> Problem:
        """The run as something to be checked; inputs and targets get a batch axis where they have none."""
        timed = ("input", "target")
        given = {
            where: array[None] if where[1] in timed and array.ndim == 2 else array
            for where, array in self.given.items()
        }
        return Problem(model, self.sizes, given)


@dataclass(frozen=True)
class Slot:
    """A name in PyTorch, and the parameters that are its row blocks.  The own name of a lone one fits too."""

    module: str
    name: str
    parameters: tuple[Var, ...]

    @property
    def shape(self) -> tuple[sp.Expr, ...]:
        """The symbolic shape in the file: PyTorch keeps a bias as (n,), we as n × 1."""
        rows, cols = sp.Add(*(p.shape[0] for p in self.parameters)), self.parameters[0].shape[1]
        return (rows,) if cols == ONE else (rows, cols)

    def fits(self, key: str) -> bool:
        """Whether a key is this name, whatever the module in front of it is called."""
        own = self.parameters[0].name if len(self.parameters) == 1 else self.name
        return key.rpartition(".")[2] in (self.name, own)


def trained_run(model: Model, weights: Path, sequence: Path) -> TrainedRun:
    """The network in ``weights``, run on ``sequence``: columns (n, 1), with a batch (B, n, 1), and h_0 = 0.

    Raises InputError, in one line, for anything in either file that does not fit the model.
    """
    if len(model.cell.inputs) != 1:
        raise InputError(
            f"cell '{model.cell.name}' has {len(model.cell.inputs)} inputs, a sequence file gives one",
            mend="choose a cell with one input",
        )
    arrays = read_weights(weights)
    keys, notes = _match(slots(model), arrays, weights)
    dimensions = Dimensions(weights)
    for slot, key in keys.items():
        dimensions.add(key, arrays[key].shape, slot.shape)
    given = _parameters(model, {slot: arrays[key] for slot, key in keys.items()}, dimensions.sizes)
    x, y = model.cell.inputs[0], model.readout.target
    work = task(
        read_sequence(sequence), sequence, dimensions.width(x.shape[0]), dimensions.width(y.shape[0]),
        simplex=model.loss.targets == "simplex",
    )  # fmt: skip
    for step, (now, then) in enumerate(zip(work.inputs, work.targets, strict=True), start=1):
        given[place(x.at(step))], given[place(y.at(step))] = now[..., None], then[..., None]
    return TrainedRun({**dimensions.sizes, T: len(work.inputs)}, given, (*notes, *work.notes))


def slots(model: Model) -> tuple[Slot, ...]:
    """What a weight file of this model has: the cell's names, then the readout's ``weight`` and ``bias``."""
    blocks: dict[str, list[Var]] = {}
    order = {name: position for position, name in enumerate(model.cell.pytorch)}
    for parameter in sorted(model.recurrent_parameters, key=lambda p: order.get(p.name, len(order))):
        blocks.setdefault(model.cell.pytorch.get(parameter.name, parameter.name), []).append(parameter)
    cell = tuple(Slot("cell", name, tuple(parameters)) for name, parameters in blocks.items())
    readout = model.readout
    return (*cell, Slot("readout", "weight", (readout.weight,)), Slot("readout", "bias", (readout.bias,)))


def _match(
    wanted: tuple[Slot, ...], arrays: Mapping[str, Array], path: Path
) -> tuple[dict[Slot, str], tuple[str, ...]]:
    """The key of each slot, and what was assumed of those without one.  Raises InputError for any doubt."""
    found = {slot: [key for key in arrays if slot.fits(key)] for slot in wanted}
    _refuse_extra([key for key in arrays if not any(slot.fits(key) for slot in wanted)], wanted, path)
    notes = []
    for slot, keys in found.items():
        if len(keys) > 1:
            raise InputError(f"{_names(keys)} could each be '{slot.name}'", where(path), "keep one of them")
        if not keys and not _bias_free(slot, found):
            raise InputError(
                f"has no '{slot.name}', shape {shape_text(slot.shape)}; it has {_names(arrays)}",
                where(path), "save the state_dict of the recurrent layer and of its linear readout",
            )  # fmt: skip
        if not keys:
            notes.append(f"no '{slot.name}' in the {slot.module} (bias=False): taken as zeros")
    return {slot: keys[0] for slot, keys in found.items() if keys}, tuple(notes)


def _refuse_extra(extra: list[str], wanted: tuple[Slot, ...], path: Path) -> None:
    later = [key for key in extra if LATER_LAYER.search(key)]
    if later:
        raise InputError(
            f"{_names(later)} belong(s) to a second layer or direction, expected one layer, one direction",
            where(path), "train with num_layers=1, bidirectional=False",
        )  # fmt: skip
    if extra:
        raise InputError(
            f"{_names(extra)} is no parameter of the model, which has {_names(slot.name for slot in wanted)}",
            where(path), "drop the key(s), or choose another cell",
        )  # fmt: skip


def _bias_free(slot: Slot, found: Mapping[Slot, list[str]]) -> bool:
    """A layer made with bias=False has none of its biases; one alone is a lost key."""
    return slot.name.startswith("bias") and not any(
        keys for other, keys in found.items() if other.module == slot.module and other.name.startswith("bias")
    )


def _names(keys: Iterable[str]) -> str:
    return ", ".join(f"'{shown(key)}'" for key in keys)


def _parameters(model: Model, arrays: Mapping[Slot, Array], sizes: Mapping[sp.Symbol, int]) -> dict[Place, Array]:
    """Every parameter in its own shape, and h_0 = 0."""
    given: dict[Place, Array] = {}
    for variable in (*model.parameters, *model.initial_states):
        rows, cols = (value(size, sizes) for size in variable.shape)
        given[place(variable)] = np.zeros((rows, cols))
    for slot, array in arrays.items():
        first = 0
        for parameter in slot.parameters:
            rows, cols = given[place(parameter)].shape
            given[place(parameter)] = array[first : first + rows].reshape(rows, cols)
            first += rows
    return given
