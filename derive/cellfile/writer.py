"""Any cell in the form that ``reader.read_cell`` reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

import sympy as sp

from derive.cell import Cell, Reference
from derive.cellfile.names import KNOWN_FUNCTIONS
from derive.cellfile.text import right_side
from derive.expr import ONE, Var
from derive.functions import Elementwise
from derive.nonlinear import Map
from derive.sums import walk


def cell_toml(cell: Cell) -> str:
    """The text of the file.  Raises InputError for a cell whose equations the language of cell files cannot say."""
    tables = (
        _header(cell),
        _table("states", cell.states, _shape),
        _table("inputs", cell.inputs, _shape),
        _table("parameters", cell.parameters, _shape),
        _assignments("functions", ((f.name, _quoted(sp.sstr(f.expr))) for f in _functions(cell))),
        f'[forward]\nequations = """\n{_equations(cell)}"""\n',
        _assignments("pytorch", ((name, _quoted(theirs)) for name, theirs in cell.pytorch.items())),
        *map(_reference, cell.references),
    )
    return "\n".join(table for table in tables if table)


def _header(cell: Cell) -> str:
    keys = {"name": cell.name, "title": cell.title, "variant": cell.variant}
    keys["visible"] = cell.visible.name if cell.visible is not None else ""
    keys["feedback"] = cell.feedback.name if cell.feedback is not None else ""
    keys["pytorch_module"] = cell.pytorch_module
    return "".join(f"{key} = {_quoted(text)}\n" for key, text in keys.items() if text)


def _table(title: str, variables: Iterable[Var], form: Callable[[Var], str]) -> str:
    return _assignments(title, ((variable.name, form(variable)) for variable in variables))


def _assignments(title: str, pairs: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"{key} = {value}\n" for key, value in pairs)
    return f"[{title}]\n{lines}" if lines else ""


def _shape(variable: Var) -> str:
    rows, cols = (_quoted(str(size)) for size in variable.shape)
    return rows if variable.shape[1] == ONE else f"[{rows}, {cols}]"


def _functions(cell: Cell) -> tuple[Elementwise, ...]:
    """The elementwise functions that a file has to define, in the order of their use."""
    nodes = (node for equation in cell.equations for node in walk(equation.expression))
    used = dict.fromkeys(node.function for node in nodes if isinstance(node, Map))
    return tuple(function for function in used if KNOWN_FUNCTIONS.get(function.name) != function)


def _equations(cell: Cell) -> str:
    return "".join(f"{equation.target.name} = {right_side(equation.expression)}\n" for equation in cell.equations)


def _reference(reference: Reference) -> str:
    keys = {"key": _quoted(reference.key), "authors": _quoted(reference.authors), "year": str(reference.year)}
    keys |= {"title": _quoted(reference.title), "where": _quoted(reference.where)}
    keys |= {"url": _quoted(reference.url)} if reference.url else {}
    return "[[references]]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
