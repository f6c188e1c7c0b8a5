"""A sweep as a whole, without processes: versions, chunks and the pace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bptt.sweeps import task as of_task
from bptt.sweeps.chunks import Chunks
from bptt.sweeps.grid import grid
from bptt.sweeps.pace import Pace
from bptt.sweeps.run import journal_of, run_sweep
from bptt.sweeps.task import Batch, Outcome, Task, attempt
from derive.errors import InputError
from tests.sweeps import toys
from tests.sweeps.running import Here, keys

TASKS = tuple(Task(toys.MODEL, point) for point in grid(["seeds=100"]).points())


def outcomes(tasks: tuple[Task, ...]) -> tuple[Outcome, ...]:
    return tuple(Outcome(task.point.key, {}) for task in tasks)


def test_what_a_worker_of_other_versions_computes_is_refused(tmp_path: Path) -> None:
    other = Here(change=lambda batch: replace(batch, versions={**batch.versions, "numpy": "1.0"}))
    with pytest.raises(InputError, match=r"a worker has numpy 1\.0, here"):
        run_sweep(grid(["seeds=3"]), toys.MODEL, tmp_path / "t.csv", measure=toys.number, executor=other)
    assert keys(journal_of(tmp_path / "t.csv")) == []


def test_an_outcome_that_comes_twice_counts_once(tmp_path: Path) -> None:
    twice = Here(change=lambda batch: replace(batch, outcomes=batch.outcomes * 2))
    run_sweep(grid(["seeds=3"]), toys.MODEL, tmp_path / "t.csv", measure=toys.number, executor=twice)
    assert len(keys(journal_of(tmp_path / "t.csv"))) == 3


def test_what_is_said_on_the_way(tmp_path: Path) -> None:
    said: list[str] = []
    run_sweep(grid(["seeds=3"]), toys.MODEL, tmp_path / "t.csv", measure=toys.number, executor=Here(), say=said.append)
    assert said[0] == "0 of 3 points" and said[-1].startswith("3 of 3 points, ") and "left" in said[-1]


def test_the_pace_is_that_of_the_latest(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr("bptt.sweeps.pace.time.monotonic", lambda: now[0])
    pace = Pace(1000, 100)
    assert pace.text == "100 of 1,000 points"
    now[0] = 10.0
    pace.count(20)
    assert pace.text == "120 of 1,000 points, 2 a second, 7 min left"


@given(st.lists(st.integers(0, 300), max_size=60), st.booleans())
def test_every_task_is_done_once_whatever_the_workers_leave(shares: list[int], single: bool) -> None:
    queue, done = Chunks(TASKS, single=single), []
    for share in (*shares, *[300] * 100):
        chunk = queue.take()
        if not chunk:
            break
        batch = queue.settle(chunk, Batch(outcomes(chunk[: max(1, share)]), {}))
        done += [outcome.key for outcome in batch.outcomes]
    assert sorted(done) == sorted(task.point.key for task in TASKS)


def test_chunks_grow_where_points_are_small_and_shrink_where_they_are_large() -> None:
    queue, sizes = Chunks(TASKS), []
    for _ in range(4):
        chunk = queue.take()
        sizes.append(len(chunk))
        queue.settle(chunk, Batch(outcomes(chunk), {}))
    chunk = queue.take()
    queue.settle(chunk, Batch(outcomes(chunk[:1]), {}))
    assert (sizes, len(chunk), len(queue.take())) == ([1, 2, 4, 8], 16, 1)


def test_a_worker_stops_when_its_time_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_task, "SLICE", 0.0)
    assert len(attempt(toys.number, TASKS).outcomes) < len(TASKS)
    monkeypatch.setattr(of_task, "SLICE", 60.0)
    assert len(attempt(toys.number, TASKS).outcomes) == len(TASKS)
