"""What was measured, before anybody decides how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

ABSENT = "absent"
NOTHING = "–"
MISSED = "✗"


@dataclass
class Table:
    """``columns`` are headings; the first ``words`` of them are of words, which name the rows, the others of figures.

    ``notes`` stand below.
    """

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    words: int = 1

    def add(self, *cells: str) -> None:
        """Raises ValueError for a row that does not fit."""
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells in a row of {len(self.columns)} columns: {cells}")
        self.rows.append(cells)


def milliseconds(taken: float) -> str:
    """Three digits."""
    return _digits(1e3 * taken)


def microseconds(taken: float) -> str:
    return _digits(1e6 * taken)


def _digits(number: float) -> str:
    return f"{number:.2f}" if number < 10 else f"{number:.1f}" if number < 100 else f"{number:,.0f}"


def ratio(own: float, unit: float) -> str:
    return _digits(own / unit)


def judged(own: float, wanted: float, *, least: bool = False) -> str:
    """A ratio with a mark where it is not as wanted: at most, or at ``least``."""
    is_met = own >= wanted if least else own <= wanted
    return _digits(own) + ("" if is_met else f" {MISSED}")


def missed(tables: Sequence[Table]) -> int:
    """How many figures are not as wanted."""
    return sum(
        text.count(MISSED) for table in tables for text in (*table.notes, *(c for row in table.rows for c in row))
    )
