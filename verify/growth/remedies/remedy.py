"""What a remedy did, as data: a table of numbers with one column for every network, and what was changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from derive.cell import Reference
from derive.expr import Node
from derive.plain import plain

PENDING = "not measured yet"
"""The reason of a remedy that is still without its numbers."""
Number = float | None
"""A number, −∞ for the logarithm of zero; None where there is none to give."""


@dataclass(frozen=True)
class Row:
    """One quantity in every column.

    ``key`` is for programs: ``chain.20`` is log₁₀ ‖P(T, T−20)‖₂; ``what`` is for people.  ``lag`` is set for the
    quantities that there are at several lags.
    """

    key: str
    what: str
    values: tuple[Number, ...]
    lag: int | None = None

    @property
    def before(self) -> Number:
        return self.values[0]

    @property
    def after(self) -> Number:
        return self.values[-1]


@dataclass(frozen=True)
class Shown:
    """A derived expression that a remedy points at."""

    what: str
    expression: Node


@dataclass(frozen=True)
class Remedy:
    """``columns`` names the networks: "before" first.  ``reason`` says why a remedy does not apply; then no rows.

    ``changed`` is one sentence; ``remarks`` are sentences with numbers, also about where it does not help; ``window``
    is the sentence about which steps all numbers come from.
    Raises ValueError for a row that does not fit the columns, and for a number that is nan or +∞.
    """

    name: str
    title: str
    changed: str
    reference: Reference
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    remarks: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    window: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.values) != len(self.columns):
                raise ValueError(
                    f"{self.name}: {row.key} has {len(row.values)} numbers for {len(self.columns)} columns"
                )
            for number in row.values:
                if number is not None and (math.isnan(number) or number == math.inf):
                    raise ValueError(f"{self.name}: {row.key} holds {number}")
        if bool(self.rows) == bool(self.reason):
            raise ValueError(f"{self.name}: either numbers or the reason why there are none")

    @property
    def applies(self) -> bool:
        return not self.reason

    def __getitem__(self, key: str) -> Row:
        for row in self.rows:
            if row.key == key:
                return row
        raise KeyError(f"{self.name} has no row {key!r}")

    def column(self, name: str) -> dict[str, Number]:
        """All numbers of one network, by the rows' keys."""
        place = self.columns.index(name)
        return {row.key: row.values[place] for row in self.rows}

    def as_json(self) -> dict[str, Any]:
        """Plain data: −∞ is the text "-inf", an unknown number null, an expression its plain text."""
        return {
            "name": self.name,
            "title": self.title,
            "changed": self.changed,
            "reference": asdict(self.reference),
            "columns": list(self.columns),
            "rows": [
                {"key": row.key, "what": row.what, "lag": row.lag, "values": [_number(number) for number in row.values]}
                for row in self.rows
            ],
            "remarks": list(self.remarks),
            "shown": [{"what": shown.what, "expression": plain(shown.expression)} for shown in self.shown],
            "window": self.window,
            "reason": self.reason,
        }


def _number(number: Number) -> float | str | None:
    return "-inf" if number == -math.inf else number


def rows(key: str, what: str, columns: Sequence[Sequence[Number]], lags: Sequence[int]) -> Iterable[Row]:
    """A row for every lag; ``what`` holds {lag}."""
    for place, lag in enumerate(lags):
        yield Row(f"{key}.{lag}", what.format(lag=lag), tuple(column[place] for column in columns), lag)
