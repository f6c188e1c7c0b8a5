"""A trained network from files: weights with PyTorch's names and a sequence become what ``unroll`` wants.

Which name is which parameter comes from ``cell.pytorch``; dimensions come from the symbolic shapes of the parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.errors import InputError
from derive.expr import Var
from derive.indices import N_INPUT, T, value
from derive.model import Model
from derive.unroll import Place, place
from verify.problem import Problem
from verify.readers import Sequence, Task, Wanted, inputs_alone, read_sequence, read_weights, task, where
from verify.readers._dimensions import Dimensions
from verify.readers._keys import match
from verify.readers._vocabulary import vocabulary, without_mask
from verify.state_dict import Slot, slots

__all__ = ["TrainedRun", "slots", "trained_run"]


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


def trained_run(
    model: Model, weights: Path, sequence: Path, *, target: Path | None = None, batch_first: bool = False
) -> TrainedRun:
    """The network in ``weights``, run on ``sequence``: columns (n, 1), with a batch (B, n, 1), from states of zeros.

    An encoder reads ``sequence``, and the decoder after it ``target``.  ``batch_first``: an array with three axes has
    the batch in front.  Raises InputError, in one line, for anything in the files that does not fit the model.
    """
    _check_files(model, sequence, target)
    arrays = read_weights(weights)
    named = slots(model)
    keys, notes = match(named, without_mask(model, arrays), weights, _optional(model, named))
    dimensions = Dimensions(weights)
    for slot, key in keys.items():
        dimensions.add(key, arrays[key].shape, slot.shape)
    dimensions.sizes.setdefault(N_INPUT, 0)  # of a network without inputs
    given = _parameters(model, {slot: arrays[key] for slot, key in keys.items()}, dimensions)
    last = target or sequence
    work = task(read_sequence(last, batch_first=batch_first), last, _wanted(model, dimensions))
    sizes = {**dimensions.sizes, T: work.steps}
    given |= _timed(model, work)
    if target is not None:
        source = _source(model, dimensions, read_sequence(sequence, batch_first=batch_first), sequence)
        _check_batch(source, sequence, work, target)
        sizes[model.phases[0].length] = len(source)
        given |= _columns(model.phases[0].cell.inputs[0], source)
    masks, said = vocabulary(model, arrays, weights, sizes, work.targets)
    return TrainedRun(sizes, given | masks, (*notes, *_started(model), *work.notes, *said))


def _check_files(model: Model, sequence: Path, target: Path | None) -> None:
    """As many inputs and sequences as the network reads."""
    if len(model.cell.inputs) > 1:
        raise InputError(
            f"cell '{model.cell.name}' has {len(model.cell.inputs)} inputs, a sequence file gives one",
            mend="choose a cell with one input",
        )
    if target is None and len(model.phases) > 1:
        raise InputError(
            "one sequence is given, and an encoder and a decoder read one each",
            where(sequence), "give the decoder's by --target",
        )  # fmt: skip
    if target is not None and len(model.phases) == 1:
        raise InputError(
            "there is no decoder to read it", where(target), "leave --target out, or choose --wiring seq2seq"
        )


def _wanted(model: Model, dimensions: Dimensions) -> Wanted:
    inputs = model.cell.inputs
    return Wanted(
        m=dimensions.width(inputs[0].shape[0]) if inputs else None,
        q=dimensions.width(model.readout.target.shape[0]),
        kind=model.loss.targets,
        last=model.wiring.single,
    )


def _timed(model: Model, work: Task) -> dict[Place, Array]:
    """What is given at each step of the network with the losses."""
    inputs = {} if work.inputs is None else _columns(model.cell.inputs[0], work.inputs)
    return inputs | _columns(model.readout.target, work.targets, work.steps - len(work.targets) + 1)


def _source(model: Model, dimensions: Dimensions, sequence: Sequence, path: Path) -> Array:
    return inputs_alone(sequence, path, dimensions.width(model.phases[0].cell.inputs[0].shape[0]))


def _check_batch(source: Array, sequence: Path, work: Task, target: Path) -> None:
    ours, theirs = source.shape[1:-1], work.targets.shape[1:-1]
    if ours != theirs:
        counts = [f"{shape[0]} sequences" if shape else "one sequence" for shape in (ours, theirs)]
        what = f"has {counts[0]}, and {where(target)} has {counts[1]}"
        raise InputError(what, where(sequence), "give as many of both")


def _fed_back(model: Model) -> tuple[Var, ...]:
    """F of x_t = F o_{t−1}."""
    plain = model.cell.plain
    return tuple(w for w in model.cell.parameters if plain is not None and w not in plain.parameters)


def _optional(model: Model, named: tuple[Slot, ...]) -> dict[Slot, str]:
    """What a state_dict has no name for: without it, the output itself is fed back."""
    fed_back = {(w,) for w in _fed_back(model)}
    return {s: f"no '{s.name}': the output itself is fed back, {s.name} = I" for s in named if s.parameters in fed_back}


def _started(model: Model) -> tuple[str, ...]:
    back = model.cell.feedback
    return () if back is None else (f"the output before the first step, {back.name}_0, is taken as zeros",)


def _parameters(model: Model, arrays: Mapping[Slot, Array], dimensions: Dimensions) -> dict[Place, Array]:
    """Every parameter in its own shape; zeros for the states to begin with, and I for a matrix that is not there."""
    given: dict[Place, Array] = {}
    for variable in (*model.parameters, *model.initial_states):
        rows, cols = (value(size, dimensions.sizes) for size in variable.shape)
        given[place(variable)] = np.zeros((rows, cols))
    for matrix in _fed_back(model):
        rows, cols = given[place(matrix)].shape
        if rows == cols:
            given[place(matrix)] = np.eye(rows)
        elif not any(matrix in slot.parameters for slot in arrays):
            raise InputError(
                f"has no '{matrix.name}', and an output of {cols} entries cannot be an input of {rows} as it is",
                where(dimensions.path), f"add the matrix '{matrix.name}', shape ({rows}, {cols})",
            )  # fmt: skip
    for slot, array in arrays.items():
        given |= {place(parameter): block for parameter, block in slot.split(array, dimensions.sizes)}
    return given


def _columns(variable: Var, rows: Array, first: int = 1) -> dict[Place, Array]:
    """Rows of a sequence as the columns of its steps."""
    return {place(variable.at(step)): row[..., None] for step, row in enumerate(rows, start=first)}
