"""A sequence, split into what a network is given and what it should answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from derive.errors import InputError
from verify.readers._checks import Sequence, shown, where

TARGET = re.compile(r"y\d*|target.*", re.IGNORECASE)
TOLERANCE = 1e-6
"""How far from 1 a probability vector's sum may be: float32 rounding.  It is then divided by its sum."""


@dataclass(frozen=True)
class Width:
    """A number of columns that the weights ask for, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Task:
    """``inputs`` (T, m) or (T, B, m) and ``targets`` (T, q) or (T, B, q)."""

    inputs: np.ndarray
    targets: np.ndarray
    notes: tuple[str, ...]


def task(sequence: Sequence, path: Path, m: Width, q: Width, *, simplex: bool) -> Task:
    """Columns called y, y1… or target… are targets; without them, the target is the next input.

    ``simplex``: a target is a probability vector; one column of class numbers becomes one-hot.

    Raises InputError.
    """
    chosen = [i for i, name in enumerate(sequence.columns) if TARGET.fullmatch(name)]
    others = [i for i in range(sequence.values.shape[-1]) if i not in chosen]
    if not others:
        raise InputError("every column is a target, none is an input", where(path), "name the inputs x1, x2, …")
    _check_inputs(sequence, others, path, m)
    inputs = sequence.values[..., others]
    if not chosen:
        return _next_step(inputs, path, q, simplex)
    names = ", ".join(shown(sequence.columns[i]) for i in chosen)
    targets, notes = _targets(sequence.values[..., chosen], names, path, q, simplex)
    return Task(inputs, targets, (f"targets: column(s) {names}", *notes))


def _check_inputs(sequence: Sequence, others: list[int], path: Path, m: Width) -> None:
    if len(others) == m.number:
        return
    names = f" ({', '.join(shown(sequence.columns[i]) for i in others)})" if sequence.columns else ""
    raise InputError(
        f"has {len(others)} input column(s){names}, shape {sequence.values.shape}, "
        f"expected {m.number}: {m.reason}",
        where(path), "give the columns that the network was trained on",
    )  # fmt: skip


def _next_step(inputs: np.ndarray, path: Path, q: Width, simplex: bool) -> Task:
    """y_t = x_{t+1}."""
    rows, width = len(inputs), inputs.shape[-1]
    mend = "add target columns y1, y2, … to a CSV header"
    if width != q.number:
        raise InputError(
            f"has no target columns, so the target is the next input, which has {width} entries, "
            f"expected {q.number}: {q.reason}",
            where(path), mend,
        )  # fmt: skip
    if rows < 2:
        raise InputError("has 1 row, expected at least 2 to predict the next input", where(path), mend)
    targets, notes = (
        _probabilities(inputs[1:], path, 2) if simplex else (inputs[1:], ())
    )  # fmt: skip
    note = f"no target columns: next-step prediction, y_t = x_(t+1), T = {rows} − 1 = {rows - 1}"
    return Task(inputs[:-1], targets, (note, *notes))


def _targets(
    columns: np.ndarray, names: str, path: Path, q: Width, simplex: bool
) -> tuple[np.ndarray, tuple[str, ...]]:
    if simplex and columns.shape[-1] == 1 < q.number:
        return _one_hot(columns, names, path, q)
    if columns.shape[-1] != q.number:
        raise InputError(
            f"has {columns.shape[-1]} target column(s) ({names}), expected {q.number}: {q.reason}",
            where(path), "give one column for each output",
        )  # fmt: skip
    return _probabilities(columns, path, 1) if simplex else (columns, ())


def _one_hot(column: np.ndarray, name: str, path: Path, q: Width) -> tuple[np.ndarray, tuple[str, ...]]:
    classes = column[..., 0]
    wrong = np.argwhere((classes != np.round(classes)) | (classes < 0) | (classes >= q.number))
    if len(wrong):
        at = tuple(wrong[0])
        raise InputError(
            f"row {at[0] + 1}: the class in column {name} is {classes[at]:g}, "
            f"expected a whole number from 0 to {q.number - 1}",
            where(path), f"number the classes from 0; {q.reason}",
        )  # fmt: skip
    return np.eye(q.number)[classes.astype(int)], (f"classes 0…{q.number - 1} made one-hot",)


def _probabilities(targets: np.ndarray, path: Path, first: int) -> tuple[np.ndarray, tuple[str, ...]]:
    """Targets that are probability vectors, divided by their sum.  ``first`` numbers the first row."""
    total = targets.sum(axis=-1)
    wrong = np.argwhere((targets.min(axis=-1) < 0) | ~(np.abs(total - 1) <= TOLERANCE))
    if len(wrong):
        at = tuple(wrong[0])
        found = ", ".join(f"{number:g}" for number in targets[at][:6]) + (", …" if targets.shape[-1] > 6 else "")
        raise InputError(
            f"row {at[0] + first}: the target ({found}) sums to {total[at]:g}, expected, for this loss, "
            "a probability vector: no entry below 0, sum 1",
            where(path), "give probabilities or one column y of classes, or choose --loss squared_error",
        )  # fmt: skip
    if np.all(total == 1):
        return targets, ()
    return targets / total[..., None], (f"targets divided by their sums (1 to within {TOLERANCE:g})",)
