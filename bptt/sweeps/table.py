"""The table of a sweep: a row a point, in the order of the grid; and how it is written, one file a format.

A file of ``bptt.sweeps.tables`` has ``SUFFIX``, ``TITLE``, ``missing()`` (why the format cannot be written here, and
the mend; empty when it can) and ``data(table)``: the bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from bptt.sweeps.axes import BY_SETTING, SETTINGS
from bptt.sweeps.grid import Grid
from bptt.sweeps.quantities import QUANTITIES
from bptt.sweeps.task import ModelWords, Outcome, Value
from bptt.sweeps.versions import versions
from derive import registry
from derive.errors import InputError
from reports.files import write_atomically

PACKAGE = "bptt.sweeps.tables"
REASON = "reason"
Entry = Value | str


@dataclass(frozen=True)
class Table:
    """``columns`` are all settings, what was measured, and ``reason``: why a point was not (None where it was).

    ``rows`` are as long as ``columns``.
    """

    model: ModelWords
    grid: Grid
    columns: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]

    def column(self, name: str) -> tuple[Entry, ...]:
        """Raises KeyError, with the choices, for a column that is not there."""
        if name not in self.columns:
            raise KeyError(f"there is no column {name!r}: {', '.join(self.columns)}")
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)

    @property
    def about(self) -> dict[str, Any]:
        """What is swept, of what, by what: as plain data."""
        return {"model": dict(self.model), "sweep": list(self.grid.words), "versions": versions()}

    def described(self, name: str) -> dict[str, str]:
        """The title and the unit of a column."""
        known: Mapping[str, Any] = {**QUANTITIES, **BY_SETTING}
        found = known.get(name)
        title = "why there is no measurement" if name == REASON else name
        return {"title": found.title, "unit": found.unit} if found else {"title": title, "unit": ""}


def table(model: ModelWords, grid: Grid, outcomes: Mapping[str, Outcome]) -> Table:
    """The table of all points of the grid.  Raises KeyError for a point without an outcome."""
    found = [(point, outcomes[point.key]) for point in grid.points()]
    measured = tuple(_measured(outcome for _, outcome in found))
    rows = tuple(
        (*point.values(), *(outcome.values.get(name) for name in measured), outcome.reason or None)
        for point, outcome in found
    )
    return Table(model, grid, (*SETTINGS, *measured, REASON), rows)


def _measured(outcomes: Iterable[Outcome]) -> dict[str, None]:
    """The names of what was measured, in order; those of a full measurement where there was none."""
    names = {name: None for outcome in outcomes for name in outcome.values}
    return names or dict.fromkeys(QUANTITIES)


class Format(Protocol):
    """A module of ``bptt.sweeps.tables``."""

    SUFFIX: str
    TITLE: str

    def missing(self) -> str: ...
    def data(self, table: Table) -> bytes: ...


def format_of(path: Path) -> Format:
    """The format that a file's name asks for.  Raises InputError when there is none, or it is not installed."""
    formats = [cast(Format, import_module(f"{PACKAGE}.{name}")) for name in registry.names(PACKAGE)]
    for found in formats:
        if path.name.lower().endswith(found.SUFFIX):
            reason = found.missing()
            if reason:
                raise InputError(reason.partition(";")[0], f"-o {path}", reason.partition(";")[2].strip())
            return found
    known = ", ".join(found.SUFFIX for found in formats)
    raise InputError("the name says no format", f"-o {path}", f"end it in one of: {known}")


def write(found: Table, path: Path) -> None:
    """Write a table in the format that its name asks for, all or nothing.  Raises InputError and OSError."""
    write_atomically(path, format_of(path).data(found))
