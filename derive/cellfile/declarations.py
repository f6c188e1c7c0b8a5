"""What a cell file declares before its equations: quantities with shapes, functions, sources, names in PyTorch."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from derive.cell import Reference, output, parameter
from derive.cellfile.dimensions import shape
from derive.cellfile.document import Document
from derive.cellfile.formulas import elementwise
from derive.cellfile.names import KNOWN_FUNCTIONS, Names, label
from derive.cellfile.positions import Place
from derive.expr import ONE, Var
from derive.functions import Elementwise

_REFERENCE = ("key", "authors", "year", "title", "where", "url")


def columns(document: Document, names: Names, table: str, make: Callable[[str, object], Var]) -> dict[str, Var]:
    """States or inputs."""
    found = {}
    for name in document.table((table,)):
        names.key((table, name))
        rows, *cols = shape(document, (table, name))
        if cols not in ([], [ONE]):
            raise document.error((table, name), f"'{name}' is a matrix, but {table} are columns", "give one size")
        found[name] = make(name, rows)
    return found


def parameters(document: Document, names: Names) -> dict[str, Var]:
    found = {}
    for name in document.table(("parameters",)):
        names.key(("parameters", name))
        found[name] = parameter(name, *shape(document, ("parameters", name)))
    return found


def functions(document: Document, names: Names) -> dict[str, Elementwise]:
    """The file's own; one that is known already may be defined again, in the same words."""
    found = {}
    for name in document.table(("functions",)):
        place = ("functions", name)
        function = elementwise(name, document.excerpt(place))
        if KNOWN_FUNCTIONS.get(name) != function:
            names.key(place)
            found[name] = function
    return found


def feedback(document: Document, names: Names) -> dict[str, Var]:
    """The network's own output, if the cell reads it."""
    name = document.line(("feedback",), "")
    if not name:
        return {}
    names.claim(name, document.positions.at(("feedback",)))
    return {name: output(name)}


def references(document: Document) -> tuple[Reference, ...]:
    found = document.value(("references",))
    if found is not None and not isinstance(found, list):
        raise document.error(("references",), "'references' is not a list of tables", "start each with [[references]]")
    return tuple(_reference(document, ("references", count)) for count in range(len(found or ())))


def _reference(document: Document, place: Place) -> Reference:
    if not isinstance(document.value(place), dict):
        raise document.error(place, "a reference is a table", "start each with [[references]]")
    document.table(place, _REFERENCE)
    year = document.value((*place, "year"))
    if type(year) is not int or not 1000 <= year <= 9999:
        raise document.error((*place, "year"), "'year' is not a year", "write year = 1990")
    key, authors, title, where = (document.line((*place, part)) for part in ("key", "authors", "title", "where"))
    url = document.line((*place, "url"), "")
    if url and not url.startswith(("https://", "http://")):
        raise document.error((*place, "url"), "'url' is not a web address", "start it with https://")
    label(document, (*place, "key"))
    return Reference(key, authors, year, title, where, url)


def pytorch(document: Document, known: Iterable[str]) -> dict[str, str]:
    """The names that our parameters have in a PyTorch module."""
    table = document.table(("pytorch",), known)
    return {name: document.line(("pytorch", name)) for name in table}
