"""Does everything that a cell declares take part?  What does not is a slip of the pen, and has no gradient."""

from __future__ import annotations

from derive.cell import Cell, lag, variables
from derive.cellfile.document import Document
from derive.cellfile.names import Names
from derive.expr import Node


def check_reach(cell: Cell, document: Document, names: Names) -> None:
    """Raises InputError at what is declared or computed and then not used, and for a step that remembers nothing."""
    if not cell.inputs:
        raise document.error(("inputs",), "the cell has no input", 'declare one under [inputs], such as x = "m"')
    read = _read(cell)
    for variable in (*cell.inputs, *cell.parameters, *(equation.target for equation in cell.equations)):
        if variable not in read:
            what = f"'{variable.name}' is never used"
            raise document.source.error(names.taken[variable.name], what, "use it in an equation, or drop it")
    for variable in cell.lagged:
        if lag(variable) not in read:
            what = f"'{variable.name}[t-1]' is never used, so no step remembers '{variable.name}'"
            mend = f"use it in an equation, or drop {variable.name} from the states (visible = … may still name it)"
            raise document.source.error(names.taken[variable.name], what, mend)


def _read(cell: Cell) -> set[Node]:
    """What the states and the readout depend on, in one step, themselves included."""
    read: set[Node] = {*cell.states, cell.seen}
    for equation in reversed(cell.equations):
        if equation.target in read:
            read.update(variables(equation.expression))
    return read
