"""What a loss asks of its targets: any numbers, a probability vector (or a class), numbers between 0 and 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from derive.errors import InputError
from derive.loss import Targets
from verify.readers._checks import where

TOLERANCE = 1e-6
"""How far from 1 a probability vector's sum may be: float32 rounding.  It is then divided by its sum."""
Checked = tuple[np.ndarray, tuple[str, ...]]
"""Targets that the loss makes sense of, and what was done to them."""


@dataclass(frozen=True)
class Width:
    """A number of columns that the weights ask for, and why."""

    number: int
    reason: str


@dataclass(frozen=True)
class Rows:
    """The columns of targets (rows, q) or (rows, B, q); ``first`` is the number of the first row in the file."""

    values: np.ndarray
    first: int
    names: str
    path: Path

    def refuse(self, wrong: np.ndarray, what: Callable[[tuple[int, ...]], str], mend: str) -> None:
        """Raise InputError for the first place in ``wrong`` (row, …), if there is one."""
        if len(wrong):
            at = tuple(int(i) for i in wrong[0])
            raise InputError(f"row {at[0] + self.first}: {what(at)}", where(self.path), mend)


def checked(rows: Rows, kind: Targets, q: Width) -> Checked:
    """The targets as the loss takes them.  Raises InputError, naming the row."""
    width = rows.values.shape[-1]
    if kind == "simplex" and width == 1 < q.number:
        return _one_hot(rows, q)
    if width != q.number:
        raise InputError(
            f"has {width} target column(s) ({rows.names}), expected {q.number}: {q.reason}",
            where(rows.path), "give one column for each output",
        )  # fmt: skip
    return _CHECKS[kind](rows)


def _real(rows: Rows) -> Checked:
    return rows.values, ()


def _unit(rows: Rows) -> Checked:
    rows.refuse(
        np.argwhere((rows.values < 0) | (rows.values > 1)),
        lambda at: f"the target has an entry {rows.values[at]:g}, expected, for this loss, numbers from 0 to 1",
        "scale the targets, or choose --loss squared_error",
    )
    return rows.values, ()


def _probabilities(rows: Rows) -> Checked:
    """Targets that are probability vectors, divided by their sum."""
    targets, total = rows.values, rows.values.sum(axis=-1)

    def what(at: tuple[int, ...]) -> str:
        found = ", ".join(f"{number:g}" for number in targets[at][:6]) + (", …" if targets.shape[-1] > 6 else "")
        return (
            f"the target ({found}) sums to {total[at]:g}, expected, for this loss, "
            "a probability vector: no entry below 0, sum 1"
        )

    mend = "give probabilities or one column y of classes, or choose --loss squared_error"
    rows.refuse(np.argwhere((targets.min(axis=-1) < 0) | ~(np.abs(total - 1) <= TOLERANCE)), what, mend)
    if np.all(total == 1):
        return targets, ()
    return targets / total[..., None], (f"targets divided by their sums (1 to within {TOLERANCE:g})",)


def _one_hot(rows: Rows, q: Width) -> Checked:
    classes = rows.values[..., 0]
    rows.refuse(
        np.argwhere((classes != np.round(classes)) | (classes < 0) | (classes >= q.number)),
        lambda at: (
            f"the class in column {rows.names} is {classes[at]:g}, expected a whole number from 0 to {q.number - 1}"
        ),
        f"number the classes from 0; {q.reason}",
    )
    return np.eye(q.number)[classes.astype(int)], (f"classes 0…{q.number - 1} made one-hot",)


_CHECKS: dict[Targets, Callable[[Rows], Checked]] = {"real": _real, "unit": _unit, "simplex": _probabilities}
