"""A sequence, split into what a network is given and what it should answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from derive.errors import InputError
from derive.loss import Targets
from verify.readers._checks import Sequence, shown, where
from verify.readers._kinds import Rows, Width, checked

TARGET = re.compile(r"y\d*|target.*", re.IGNORECASE)
MEND = "add target columns y1, y2, … to a CSV header"


@dataclass(frozen=True)
class Wanted:
    """What a network asks of a sequence: ``m`` input columns (None: it makes its inputs itself) and ``q`` target
    columns of a kind, of every step or of the last one alone."""

    m: Width | None
    q: Width
    kind: Targets
    last: bool = False


@dataclass(frozen=True)
class Task:
    """``inputs`` (T, m) or (T, B, m), where there are any, and ``targets`` (T, q) or (T, B, q), or of T alone."""

    steps: int
    inputs: np.ndarray | None
    targets: np.ndarray
    notes: tuple[str, ...]


def task(sequence: Sequence, path: Path, wanted: Wanted) -> Task:
    """Columns called y, y1… or target… are targets; without them, the target is the next input.

    Raises InputError.
    """
    chosen, others = _split(sequence)
    if wanted.m is None:
        return _without_inputs(sequence, chosen, others, path, wanted)
    if not others:
        raise InputError("every column is a target, none is an input", where(path), "name the inputs x1, x2, …")
    _check_width(sequence, others, path, wanted.m)
    inputs = sequence.values[..., others]
    if not chosen:
        return _next_step(inputs, path, wanted)
    names = _names(sequence, chosen)
    targets, notes = _targets(sequence.values[..., chosen], names, path, wanted)
    return Task(len(inputs), inputs, targets, (f"targets: column(s) {names}", *notes))


def inputs_alone(sequence: Sequence, path: Path, m: Width) -> np.ndarray:
    """A sequence that an encoder reads.  Raises InputError where it has targets, or another width."""
    chosen, others = _split(sequence)
    if chosen:
        raise InputError(
            f"has target column(s) {_names(sequence, chosen)}, and an encoder has no targets",
            where(path), "give the decoder's sequence, with the targets, by --target",
        )  # fmt: skip
    _check_width(sequence, others, path, m)
    return sequence.values


def _split(sequence: Sequence) -> tuple[list[int], list[int]]:
    """The columns that are targets by their names, and all others."""
    chosen = [i for i, name in enumerate(sequence.columns) if TARGET.fullmatch(name)]
    return chosen, [i for i in range(sequence.values.shape[-1]) if i not in chosen]


def _names(sequence: Sequence, chosen: list[int]) -> str:
    return ", ".join(shown(sequence.columns[i]) for i in chosen)


def _check_width(sequence: Sequence, others: list[int], path: Path, m: Width) -> None:
    if len(others) == m.number:
        return
    names = f" ({_names(sequence, others)})" if sequence.columns else ""
    raise InputError(
        f"has {len(others)} input column(s){names}, {sequence.layout}, expected {m.number}: {m.reason}",
        where(path), "give the columns that the network was trained on",
    )  # fmt: skip


def _without_inputs(sequence: Sequence, chosen: list[int], others: list[int], path: Path, wanted: Wanted) -> Task:
    """All columns are targets, whatever they are called."""
    if chosen and others:
        raise InputError(
            f"has input column(s) {_names(sequence, others)}, and this network is given none: it makes its own",
            where(path), "leave them out, or leave out --feedback",
        )  # fmt: skip
    names = _names(sequence, chosen) or "all"
    targets, notes = _targets(sequence.values, names, path, wanted)
    return Task(len(sequence.values), None, targets, (f"no inputs are given; targets: column(s) {names}", *notes))


def _next_step(inputs: np.ndarray, path: Path, wanted: Wanted) -> Task:
    """y_t = x_{t+1}."""
    rows, width, q = len(inputs), inputs.shape[-1], wanted.q
    if width != q.number:
        raise InputError(
            f"has no target columns, so the target is the next input, which has {width} entries, "
            f"expected {q.number}: {q.reason}",
            where(path), MEND,
        )  # fmt: skip
    if rows < 2:
        raise InputError("has 1 row, expected at least 2 to predict the next input", where(path), MEND)
    targets, notes = _targets(inputs[1:], "the next input", path, wanted, first=2)
    note = f"no target columns: next-step prediction, y_t = x_(t+1), T = {rows} − 1 = {rows - 1}"
    return Task(rows - 1, inputs[:-1], targets, (note, *notes))


def _targets(
    columns: np.ndarray, names: str, path: Path, wanted: Wanted, first: int = 1
) -> tuple[np.ndarray, tuple[str, ...]]:
    """The targets, checked; where only the last step has a loss, those of the other rows are not looked at."""
    skipped = len(columns) - 1 if wanted.last else 0
    targets, notes = checked(Rows(columns[skipped:], first + skipped, names, path), wanted.kind, wanted.q)
    row = f"one loss, at the last step: its target is that of row {first + skipped}, the others are not used"
    return targets, (*((row,) if wanted.last else ()), *notes)
