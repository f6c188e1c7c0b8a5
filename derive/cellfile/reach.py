"""Does everything that a cell declares take part?  What does not is a slip of the pen, and has no gradient."""

from __future__ import annotations

from collections.abc import Iterator

from derive.cell import Cell, lag, variables
from derive.cellfile.document import Document
from derive.cellfile.names import Names
from derive.expr import Node, Var


def check_reach(cell: Cell, document: Document, names: Names) -> None:
    """Raises InputError at what is declared or computed and then not used, and for a step that remembers nothing."""
    if not cell.inputs:
        raise document.error(("inputs",), "the cell has no input", 'declare one under [inputs], such as x = "m"')
    for variable in unused(cell):
        what, mend = f"'{variable.name}' is never used", "use it in an equation, or drop it"
        if variable in cell.lagged:
            what = f"'{variable.name}[t-1]' is never used, so no step remembers '{variable.name}'"
            mend = "use it in an equation, or do not call it a state (the readout sees what visible = … names)"
        raise document.source.error(names.taken[variable.name], what, mend)


def unused(cell: Cell) -> Iterator[Var]:
    """What neither the states nor the readout depend on in one step; a state stands for itself one step earlier."""
    read: set[Node] = {*cell.states, cell.seen}
    for equation in reversed(cell.equations):
        if equation.target in read:
            read.update(variables(equation.expression))
    computed = (equation.target for equation in cell.equations)
    yield from (variable for variable in (*cell.inputs, *cell.parameters, *computed) if variable not in read)
    yield from (variable for variable in cell.lagged if lag(variable) not in read)
