"""A sequence as comma-separated text: one row a time step, one column a feature, with or without a header.

UTF-8, with or without a byte-order mark; any line end.  The first row is a header when it holds no number.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np

from derive.errors import InputError
from verify.readers._checks import Sequence, content, numbers, shown, where

SUFFIX = ".csv"
TITLE = "comma-separated text: a sequence (T, m), columns y, y1… or target… are targets"
KIND = "sequence"
Row = tuple[int, list[str]]
"""The number of the line, counted from 1, and its cells."""


def read(path: Path) -> Sequence:
    """The sequence and its column names.  Raises InputError, naming the line and the column."""
    rows = _rows(_text(content(path), path), path)
    header = _header(rows, path)
    body = rows[1:] if header else rows
    if not body:
        raise InputError("has 0 rows of numbers", where(path), "add a row for each time step")
    width = len(header or body[0][1])
    values = [_numbers(row, width, path) for row in body]
    return Sequence(numbers(np.array(values, dtype=np.float64), path), header)


def _text(data: bytes, path: Path) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"line {line}: byte {data[error.start]:#04x} is not UTF-8 text",
            where(path),
            "save it as CSV UTF-8",
        ) from None


def _rows(text: str, path: Path) -> list[Row]:
    """The rows with line numbers, without blank lines at the end; elsewhere, one is a lost number."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except csv.Error as error:
        raise InputError(
            f"line {reader.line_num}: {shown(str(error))}", where(path), "close every quotation mark"
        ) from None
    while rows and not any(rows[-1][1]):
        rows.pop()
    if not rows:
        raise InputError("has no rows, only blank lines", where(path), "add a row for each time step")
    return rows


def _header(rows: list[Row], path: Path) -> tuple[str, ...]:
    """The names in the first row, or () when it holds a number."""
    line, names = rows[0]
    if any(_like_number(cell) for cell in names) or not any(names):
        return ()
    for column, name in enumerate(names, start=1):
        if not name:
            raise InputError(
                f"line {line}, column {column} has no name", where(path), "name it, or drop an index column"
            )
        if name in names[: column - 1]:
            raise InputError(f"line {line}: two columns have the name '{shown(name)}'", where(path), "rename one")
    return tuple(names)


def _numbers(row: Row, width: int, path: Path) -> list[float]:
    line, cells = row
    if not any(cells):
        raise InputError(f"line {line} is blank, expected {width} number(s)", where(path), "fill or drop it")
    if len(cells) != width:
        raise InputError(
            f"line {line} has {len(cells)} column(s), expected {width}", where(path), "give every row as many"
        )
    return [_finite(cell, line, column, path) for column, cell in enumerate(cells, start=1)]


def _finite(cell: str, line: int, column: int, path: Path) -> float:
    number = _number(cell)
    if number is None or not np.isfinite(number):
        mend = "separate columns by commas, with decimal points" if {";", "\t"} & set(cell) else "repair this cell"
        raise InputError(
            f"line {line}, column {column} is '{shown(cell)}', expected a finite number", where(path), mend
        )
    return number


def _like_number(cell: str) -> bool:
    """A number, or a mistyped one such as 1.O, which must not pass as the name of a column."""
    return _number(cell) is not None or cell.startswith(tuple("+-.0123456789"))


def _number(cell: str) -> float | None:
    """The number in a cell, or None.  Python's 1_000 is not one: another program would have read text."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None
