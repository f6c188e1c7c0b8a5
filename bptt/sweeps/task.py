"""One measurement: what goes to a worker, what comes back, and what becomes of an error on the way."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bptt.screen import one_line
from bptt.sweeps.versions import versions
from derive.errors import BpttError

if TYPE_CHECKING:
    from bptt.sweeps.grid import Point

Value = float | int | None
ModelWords = Mapping[str, str | int | bool]
"""The options that name a model, by the names in ``bptt.options.MODEL``, and ``cell``; plain data."""

SLICE = 0.25
"""Seconds after which a worker hands back what it has: that much work is lost when the sweep is killed."""
_CLIPPED = 300
NO_MEMORY = "there is not enough memory"
LOST = "the process that computed it was killed (not enough memory?)"


@dataclass(frozen=True)
class Task:
    """A point, and the words of the model that is measured there."""

    model: ModelWords
    point: Point


Measure = Callable[[Task], Mapping[str, Value]]
"""What a sweep measures.  It is pickled by name: a function of a module."""


@dataclass(frozen=True)
class Outcome:
    """What was measured, by column; or the ``reason`` why there is no such thing.

    What is not ``final`` may well succeed another time, on another machine: the next run tries it again.
    """

    key: str
    values: Mapping[str, Value]
    reason: str = ""
    final: bool = True


@dataclass(frozen=True)
class Batch:
    """The outcomes of the first few of the tasks that a worker was given, and what computed them."""

    outcomes: tuple[Outcome, ...]
    versions: Mapping[str, str]


def attempt(measure: Measure, tasks: Sequence[Task]) -> Batch:
    """Measure until the time is up, one task at the least.  Whatever goes wrong with a point is its outcome."""
    end = time.monotonic() + SLICE
    outcomes: list[Outcome] = []
    for task in tasks:
        outcomes.append(_outcome(measure, task))
        if time.monotonic() > end:
            break
    return Batch(tuple(outcomes), versions())


def lost(task: Task) -> Batch:
    """Of a task that kills whatever computes it."""
    return Batch((Outcome(task.point.key, {}, LOST, final=False),), versions())


def _outcome(measure: Measure, task: Task) -> Outcome:
    key = task.point.key
    try:
        values = {name: _plain(value) for name, value in measure(task).items()}
    except MemoryError:
        return Outcome(key, {}, NO_MEMORY, final=False)
    except Exception as error:  # a row of the table says so, and the other points go on
        text = str(error) if isinstance(error, BpttError) else f"{type(error).__name__}: {error}"
        return Outcome(key, {}, one_line(text)[:_CLIPPED])
    undefined = [name for name, value in values.items() if value != value]
    return Outcome(key, values, f"{', '.join(undefined)}: not a number" if undefined else "")


def _plain(value: object) -> Value:
    """A number of NumPy as one of Python."""
    if value is None or isinstance(value, float):
        return None if value is None else float(value)
    return operator.index(value)  # type: ignore[arg-type]
