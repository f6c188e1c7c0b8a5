"""A sweep from its grid to its table: what is in the journal is taken from there, the rest is computed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bptt.sweeps.executor import Executor, Run, default
from bptt.sweeps.grid import Grid
from bptt.sweeps.header import Header
from bptt.sweeps.journal import Journal, journal
from bptt.sweeps.pace import Pace
from bptt.sweeps.table import REASON, Table, format_of, table, write
from bptt.sweeps.task import Measure, ModelWords, Outcome, Task
from bptt.sweeps.versions import difference, versions
from derive.errors import InputError

_HOLDS, _NOT_RUN = 0, 3


@dataclass(frozen=True)
class Finished:
    """A table that has been written to ``path``; of its rows ``before`` were in the journal already."""

    table: Table
    path: Path
    before: int
    seconds: float

    @property
    def reasons(self) -> tuple[str, ...]:
        """Of the points that could not be measured, in the order of the grid."""
        return tuple(str(reason) for reason in self.table.column(REASON) if reason is not None)

    @property
    def exit_code(self) -> int:
        """3 where a point could not be measured."""
        return _NOT_RUN if self.reasons else _HOLDS

    @property
    def summary(self) -> str:
        """One line."""
        total = len(self.table.rows)
        parts = [f"{total:,} points"]
        if self.before:
            parts.append(f"{self.before:,} of them from the journal")
        if self.reasons:
            parts.append(f"{len(self.reasons):,} NOT MEASURED (the first: {self.reasons[0]})")
        return f"{self.path}: {', '.join(parts)}"


def journal_of(output: Path) -> Path:
    """The journal's name beside a table's."""
    return output.with_name(f"{output.name}.journal")


def run_sweep(
    grid: Grid,
    model: ModelWords,
    output: Path,
    *,
    measure: Measure | None = None,
    executor: Executor | None = None,
    restart: bool = False,
    say: Callable[[str], None] = lambda what: None,
) -> Finished:
    """Measure every point of the grid and write the table.

    A run that was killed is taken up where it was; ``restart`` begins again.  Points whose measurement raises have a
    ``reason`` in the table.  Raises InputError (the journal is of another sweep, or another run's; the format or the
    executor is not there) before anything is written, and OSError.
    """
    format_of(output)
    start = time.monotonic()
    with (
        (executor or default()).session() as run,
        journal(journal_of(output), Header(model, grid), restart=restart) as kept,
    ):
        before = len(kept.outcomes)
        passing = _computed(grid, model, measure or _measure(), run, kept, say)
        found = table(model, grid, {**passing, **kept.outcomes})
    write(found, output)
    return Finished(found, output, before, time.monotonic() - start)


def _measure() -> Measure:
    from bptt.sweeps.measure import measure

    return measure


def _computed(
    grid: Grid, model: ModelWords, measure: Measure, run: Run, kept: Journal, say: Callable[[str], None]
) -> dict[str, Outcome]:
    """Fill the journal; returns the outcomes that are not for good, which are not in it."""
    passing: dict[str, Outcome] = {}
    pace = Pace(len(grid), len(kept.outcomes))
    say(pace.text)
    with closing(run(measure, _missing(grid, model, kept))) as batches:
        for batch in batches:
            other = difference(dict(batch.versions), versions())
            if other:
                raise InputError(f"a worker has {other}", "the workers", "install the same versions everywhere")
            kept.append(batch.outcomes)
            passing |= {outcome.key: outcome for outcome in batch.outcomes if not outcome.final}
            pace.count(len(batch.outcomes))
            say(pace.text)
    return passing


def _missing(grid: Grid, model: ModelWords, kept: Journal) -> Iterator[Task]:
    """The tasks that are not finished, looked up as they are needed."""
    return (Task(model, point) for point in grid.points() if point.key not in kept.outcomes)
