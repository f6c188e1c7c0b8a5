"""What a cell file says about PyTorch has to fit the module that it names: its weights will be put into that module."""

from __future__ import annotations

from collections.abc import Mapping

import sympy as sp

from derive.cell import Cell
from derive.cellfile.document import Document, suggestion
from derive.expr import ONE, Var, shape_text
from derive.indices import N_INPUT, N_STATE

_GATES = {"RNN_TANH": 1, "RNN_RELU": 1, "GRU": 3, "LSTM": 4}
"""How many row blocks each array of the module has."""

_SHAPES = {
    "weight_ih_l0": (N_STATE, N_INPUT), "weight_hh_l0": (N_STATE, N_STATE),
    "bias_ih_l0": (N_STATE, ONE), "bias_hh_l0": (N_STATE, ONE),
}  # fmt: skip
_MODULE = ("pytorch_module",)


def check_pytorch(cell: Cell, document: Document) -> None:
    """Raises InputError for blocks that cannot be stacked, and for a module that the cell cannot be."""
    blocks: dict[str, list[Var]] = {}
    by_name = {parameter.name: parameter for parameter in cell.parameters}
    for name, theirs in cell.pytorch.items():
        stacked = blocks.setdefault(theirs, [])
        stacked.append(by_name[name])
        first, last = stacked[0], stacked[-1]
        if first.shape[1] != last.shape[1]:
            what = f"'{name}' ({shape_text(last)}) cannot be stacked on '{first.name}' ({shape_text(first)})"
            raise document.error(("pytorch", name), what, "parameters of one name in PyTorch have equal columns")
    if cell.pytorch_module:
        _check_module(cell, blocks, document)


def _check_module(cell: Cell, blocks: Mapping[str, list[Var]], document: Document) -> None:
    module, states = cell.pytorch_module, 2 if cell.pytorch_module == "LSTM" else 1
    if module not in _GATES:
        mend = suggestion(module, _GATES, f"write one of {', '.join(_GATES)}")
        raise document.error(_MODULE, f"PyTorch has no module '{module}'", mend)
    for theirs, shape in _SHAPES.items():
        found = [parameter.shape for parameter in blocks.get(theirs, [])]
        if found != [shape] * _GATES[module]:
            what = f"{module} has {_GATES[module]} parameter(s) '{theirs}' of {_text(shape)}, here are {len(found)}"
            raise document.error(_MODULE, what, "list them under [pytorch], in PyTorch's order, or drop pytorch_module")
    columns = [[state.shape for state in cell.states], [x.shape for x in cell.inputs]]
    if columns != [[(N_STATE, ONE)] * states, [(N_INPUT, ONE)]] or cell.feedback or cell.seen != cell.states[0]:
        what = f"{module} has {states} state(s) of size n, the first one seen, one input of size m and no feedback"
        raise document.error(_MODULE, what, "drop pytorch_module")


def _text(shape: tuple[sp.Expr, ...]) -> str:
    return "×".join(map(str, shape))
