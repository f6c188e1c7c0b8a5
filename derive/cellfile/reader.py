"""A cell from a file.  Every complaint is an InputError: file, line, column, the offender, the mend.

::

    name = "mgu"                 # title, variant, visible (what the readout sees), feedback, pytorch_module: as in Cell
    [states]
    h = "n"                      # sizes: n (state), m (input), q (output), numbers, sums and products such as 2*n
    [inputs]
    x = "m"
    [parameters]
    W = ["n", "n"]
    [functions]
    softsign = "z / (1 + abs(z))"
    [forward]
    equations = '''
    h = softsign(W @ h[t-1] + ...)
    '''
    [pytorch]                    # our name = "PyTorch's"
    [[references]]               # key, authors, year, title, where, url
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from derive import cell as cells
from derive.cell import Cell, given, state
from derive.cellfile import declarations
from derive.cellfile.document import Document, load, suggestion
from derive.cellfile.equations import PLACE, equations
from derive.cellfile.names import KNOWN_FUNCTIONS, Names, label
from derive.cellfile.pytorch import check_pytorch
from derive.cellfile.reach import check_reach
from derive.cellfile.scope import Scope
from derive.cellfile.source import shown
from derive.errors import CellError, ShapeError
from derive.expr import Var

KEYS = (
    "name", "title", "variant", "visible", "feedback", "pytorch_module",
    "states", "inputs", "parameters", "functions", "forward", "pytorch", "references",
)  # fmt: skip


def read_cell(path: Path) -> Cell:
    """The cell that a file describes.  Raises InputError for whatever is wrong with it."""
    document = load(path)
    document.table((), KEYS)
    names = Names(document)
    states = declarations.columns(document, names, "states", state)
    inputs = declarations.columns(document, names, "inputs", given)
    parameters = declarations.parameters(document, names)
    functions = declarations.functions(document, names)
    feedback = declarations.feedback(document, names)
    known = {**KNOWN_FUNCTIONS, **functions}
    scope = Scope(parameters, {**states, **feedback}, tuple(feedback), known, now=dict(inputs))
    solved, visible = _step(document, names, states, scope)
    name = label(document, ("name",))
    try:
        cell = Cell(
            name=name,
            title=document.line(("title",), name),
            states=tuple(states.values()),
            inputs=tuple(inputs.values()),
            parameters=tuple(parameters.values()),
            equations=solved,
            references=declarations.references(document),
            variant=label(document, ("variant",), ""),
            pytorch=declarations.pytorch(document, parameters),
            pytorch_module=label(document, ("pytorch_module",), ""),
            visible=visible,
            feedback=next(iter(feedback.values()), None),
        )
    except (CellError, ShapeError) as error:  # what is known to go wrong has been refused by now, with its place
        raise document.error(PLACE, shown(str(error), 300), "repair the equations") from None
    check_reach(cell, document, names)
    check_pytorch(cell, document)
    return cell


def _step(
    document: Document, names: Names, states: Mapping[str, Var], scope: Scope
) -> tuple[tuple[cells.Equation, ...], Var | None]:
    """The equations in matrices, and what the readout is told to see."""
    written = tuple(equations(document, states, names))
    names.free_of_initial_states(tuple(scope.lagged))
    scope.targets = {equation.name: document.source.position(equation.offset) for equation in written}
    solved = tuple(equation.solved(states, scope) for equation in written)
    return solved, _visible(document, states, {e.target.name: e.target for e in solved})


def _visible(document: Document, states: Mapping[str, Var], computed: Mapping[str, Var]) -> Var | None:
    name = document.line(("visible",), "")
    if name and name not in computed:
        mend = suggestion(name, computed, "name a quantity that has an equation")
        raise document.error(("visible",), f"the readout is to see '{shown(name)}', which has no equation", mend)
    if not name and not states:
        mend = "declare a state, or say visible = … when the cell reads its own output by feedback = …"
        raise document.error(("states",), "the cell has no state", mend)
    return computed.get(name)
