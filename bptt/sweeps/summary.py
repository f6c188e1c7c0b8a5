"""A sweep as a picture's data: medians and quartiles over the seeds, on two axes, the other axes held."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bptt.sweeps.axes import SETTINGS, Number
from bptt.sweeps.table import REASON, Table
from derive.errors import InputError

SEED = "seed"
_PREFERRED = ("radius", "gain", "steps")

Matrix = tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Summary:
    """``median``, ``lower`` and ``upper`` (the quartiles) and ``count`` have a row for each of ``ys`` and a column for
    each of ``xs``.  NaN where nothing was measured.  ``held`` has the other settings that have several values.
    """

    x: str
    y: str
    value: str
    xs: tuple[Number, ...]
    ys: tuple[Number, ...]
    median: Matrix
    lower: Matrix
    upper: Matrix
    count: tuple[tuple[int, ...], ...]
    held: Mapping[str, Number]


def axes_shown(table: Table) -> tuple[str, str]:
    """The two settings to show: radius (or gain) against steps where they vary, else the first ones that do."""
    varying = [name for name in SETTINGS if name != SEED and len(table.grid.values[name]) > 1]
    order = [name for name in _PREFERRED if name in varying]
    order += [name for name in varying if name not in order]
    order += [name for name in ("steps", "hidden") if name not in order]  # with one value: a single row
    return order[0], order[1]


def summarise(
    table: Table,
    x: str = "",
    y: str = "",
    value: str = "log10_norm_per_step",
    held: Mapping[str, Number] | None = None,
) -> Summary:
    """The median and the quartiles over the seeds of one column at every pair of values of two settings.

    Where ``x`` and ``y`` are not given, ``axes_shown`` chooses.  Other settings with several values are ``held``: at
    the values given, else at their middle one (the lower of two).  Rows with a reason count for nothing; −∞ is a value.
    Raises InputError for a column that is not there, a setting that is not set, or a value that it does not have.
    """
    x, y = _chosen(table, x, y, value)
    fixed = _held(table, x, y, held or {})
    groups: dict[tuple[object, object], list[float]] = {}
    columns = (table.column(name) for name in (x, y, value, REASON, *fixed))
    for at_x, at_y, entry, reason, *others in zip(*columns, strict=True):
        if reason is None and isinstance(entry, int | float) and others == list(fixed.values()):
            groups.setdefault((at_x, at_y), []).append(float(entry))
    xs, ys = _values(table, x), _values(table, y)
    cells = [[sorted(groups.get((at_x, at_y), [])) for at_x in xs] for at_y in ys]
    lower, median, upper = (
        tuple(tuple(quantile(cell, share) for cell in row) for row in cells) for share in (0.25, 0.5, 0.75)
    )
    count = tuple(tuple(len(cell) for cell in row) for row in cells)
    return Summary(x, y, value, xs, ys, median, lower, upper, count, fixed)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The quantile of ascending numbers, linear between neighbours (−∞ and ∞ stay); NaN of none."""
    if not ordered:
        return math.nan
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    if low == high:
        return low
    if not math.isfinite(low) or not math.isfinite(high):
        return low if place % 1 <= 0.5 else high
    return low + (high - low) * (place % 1)


def _chosen(table: Table, x: str, y: str, value: str) -> tuple[str, str]:
    first, second = axes_shown(table)
    x = x or (first if y != first else second)
    y = y or (second if x != second else first)
    for name in (x, y):
        if name not in SETTINGS or table.grid.values[name] == (None,):
            raise InputError(f"'{name}' is not set anywhere in this sweep", mend=f"choose of: {', '.join(SETTINGS)}")
    if x == y:
        raise InputError(f"'{x}' cannot be both axes", mend="choose two")
    if value not in table.columns[len(SETTINGS) : -1]:
        known = ", ".join(table.columns[len(SETTINGS) : -1])
        raise InputError(f"there is no column '{value}' of measurements", mend=f"choose one of: {known}")
    return x, y


def _held(table: Table, x: str, y: str, wanted: Mapping[str, Number]) -> dict[str, Number]:
    """The other settings that have several values, each with the one that it is held at."""
    found: dict[str, Number] = {}
    for name in SETTINGS:
        values = _values(table, name)
        if name in (x, y, SEED) or (len(values) < 2 and name not in wanted):
            continue
        found[name] = wanted.get(name, values[(len(values) - 1) // 2] if values else 0)
        if found[name] not in values:
            known = ", ".join(map(str, values)) or "none"
            raise InputError(f"'{name}' does not have the value {found[name]}", mend=f"choose one of: {known}")
    return found


def _values(table: Table, name: str) -> tuple[Number, ...]:
    return tuple(number for number in table.grid.values[name] if number is not None)
