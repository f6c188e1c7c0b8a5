"""A trained recurrence without its loss: what there is to be said of its product chain needs no readout and no targets.

And which cell a weight file holds: PyTorch stacks the gates of a layer in ``weight_hh_l0``, so its shape tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from derive import registry
from derive.arithmetic import Array
from derive.errors import InputError
from derive.expr import Var
from derive.indices import N_INPUT, N_OUTPUT, T, value
from derive.model import Model, cell_named
from derive.unroll import Place, place
from verify.readers import inputs_alone, read_sequence, read_weights, shown, where
from verify.readers._dimensions import Dimensions
from verify.readers._keys import LAYER, match
from verify.state_dict import READOUT, slots
from verify.trained import TrainedRun

RECURRENT = "weight_hh_l"
NO_LOSS = "the chain alone is studied: no readout, no targets, no loss"


def cell_in(weights: Path) -> tuple[str, int, str]:
    """The cell in a state_dict of PyTorch, its number of layers, and a sentence that says so.

    Raises InputError where the names or shapes are none of PyTorch's, or fit no cell that there is.
    """
    arrays = {key.rpartition(".")[2]: array for key, array in read_weights(weights).items()}
    layers = sum(name.startswith(RECURRENT) and LAYER.search(name) is not None for name in arrays)
    first = arrays.get(f"{RECURRENT}0")
    if first is None or first.ndim != 2 or not first.shape[1] or first.shape[0] % first.shape[1]:
        raise InputError(
            f"has no '{RECURRENT}0' of PyTorch's", where(weights), "name the CELL: bptt grow CELL --weights …"
        )
    blocks = first.shape[0] // first.shape[1]
    known = {count: name for name in registry.names("derive.cells") if (count := _blocks(name))}
    if blocks not in known:
        stacked = ", ".join(f"{count} ({name})" for count, name in sorted(known.items()))
        raise InputError(
            f"'{RECURRENT}0' has {blocks} blocks of rows, expected one of: {stacked}", where(weights), "name the CELL"
        )
    return known[blocks], layers, f"{shown(str(weights.name))} holds {_spoken(known[blocks], blocks, layers)}"


def _spoken(name: str, blocks: int, layers: int) -> str:
    gates = f"{blocks} blocks of rows in {RECURRENT}0" if blocks > 1 else f"one block in {RECURRENT}0"
    return f"a {name} ({gates}), {layers} layer{'s' * (layers > 1)}"


def _blocks(name: str) -> int:
    """How many parameters of a cell PyTorch stacks there; 0 for a cell that it does not have."""
    return list(cell_named(name).pytorch.values()).count(f"{RECURRENT}0")


def has_readout(model: Model, weights: Path) -> bool:
    """Whether the file has the linear layer that the loss looks through."""
    arrays = read_weights(weights)
    return any(
        slot.fits(key) for slot in slots(model) if slot.module == READOUT for key in arrays if slot.name == "weight"
    )


def bare_run(model: Model, weights: Path, sequence: Path, *, batch_first: bool = False) -> TrainedRun:
    """The recurrence in ``weights`` on the inputs in ``sequence``; readout and targets are zeros, and mean nothing.

    Raises InputError, in one line, for anything in the files that does not fit.
    """
    if len(model.phases) > 1 or model.cell.feedback is not None or len(model.cell.inputs) != 1:
        raise InputError("only a recurrence with one given input runs without its loss", mend="leave --no-loss out")
    arrays = read_weights(weights)
    named = tuple(slot for slot in slots(model) if slot.module != READOUT)
    own = {key: array for key, array in arrays.items() if any(slot.fits(key) for slot in named)}
    keys, notes = match(named, own, weights, {})
    dimensions = Dimensions(weights)
    for slot, key in keys.items():
        dimensions.add(key, arrays[key].shape, slot.shape)
    (x,) = model.cell.inputs
    found = read_sequence(sequence, batch_first=batch_first)
    inputs = inputs_alone(found, sequence, dimensions.width(x.shape[0]))
    sizes = {**dimensions.sizes, N_OUTPUT: dimensions.sizes[N_INPUT], T: len(inputs)}
    given = _zeros(model, sizes)
    for slot, key in keys.items():
        given |= {place(parameter): block for parameter, block in slot.split(arrays[key], sizes)}
    given |= _timed(x, inputs) | _timed(model.readout.target, np.zeros((*inputs.shape[:-1], sizes[N_OUTPUT])))
    return TrainedRun(sizes, given, (*notes, NO_LOSS))


def _zeros(model: Model, sizes: Mapping[object, int]) -> dict[Place, Array]:
    variables = (*model.parameters, *model.initial_states, *model.constants)
    return {place(v): np.zeros([value(size, sizes) for size in v.shape]) for v in variables}


def _timed(variable: Var, rows: Array) -> dict[Place, Array]:
    """Rows of a sequence as the columns of its steps."""
    return {place(variable.at(step)): row[..., None] for step, row in enumerate(rows, start=1)}
