"""Layers: copies of one cell on top of each other.  The input of a layer is what the one below shows at that step."""

from __future__ import annotations

from dataclasses import replace

from derive.cell import Cell, Equation
from derive.errors import InputError
from derive.expr import Node, Var
from derive.phase import marked
from derive.renaming import renamed
from derive.sums import rewrite


def stacked(cell: Cell, layers: int) -> Cell:
    """``layers`` copies of ``cell``, marked 1, 2, …: h^{(1)}_t feeds the second layer at the same step.

    Only the first layer reads the input; the readout sees the last one; a cell that reads back the output of the
    network does so in every layer.  Raises InputError for a cell with several inputs.
    """
    if layers == 1:
        return cell
    if layers < 1:
        raise InputError(f"{layers} is not a number of layers", mend="give a whole number from 1 on")
    if len(cell.inputs) != 1:
        raise InputError(
            f"cell '{cell.name}' has {len(cell.inputs)} inputs, a layer above another has one",
            mend="choose a cell with one input, or --layers 1",
        )
    copies = [_layer(cell, 1)]
    while len(copies) < layers:
        copies.append(_fed(_layer(cell, len(copies) + 1, above=True), copies[-1].seen))
    return replace(
        cell,
        title=f"{cell.title}, {layers} layers",
        states=tuple(state for copy in copies for state in copy.states),
        inputs=copies[0].inputs,
        parameters=tuple(w for copy in copies for w in copy.parameters),
        equations=tuple(equation for copy in copies for equation in copy.equations),
        pytorch={ours: theirs for copy in copies for ours, theirs in copy.pytorch.items()},
        visible=copies[-1].seen,
        layers=layers,
    )


def _layer(cell: Cell, number: int, above: bool = False) -> Cell:
    """Layer number ``number``; above the first, the input is as wide as what the layer below shows."""
    sizes = {cell.inputs[0].shape[0]: cell.seen.shape[0]} if above else {}
    copy = renamed(cell, lambda name: marked(name, str(number)), sizes)
    own = {ours: theirs.replace("_l0", f"_l{number - 1}") for ours, theirs in copy.pytorch.items()}
    return replace(copy, pytorch=own)


def _fed(cell: Cell, below: Var) -> Cell:
    """The cell with its input replaced by a quantity that is known at the same step."""
    (source,) = cell.inputs

    def replaced(part: Node) -> Node | None:
        return below if part == source else None

    return replace(
        cell,
        equations=tuple(Equation(e.target, rewrite(e.expression, replaced)) for e in cell.equations),
        inputs=(below,),
    )
