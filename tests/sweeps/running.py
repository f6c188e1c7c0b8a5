"""Sweeps for tests: in this process, without a pool; and as a process group that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bptt.sweeps.executor import Batches, Run
from bptt.sweeps.task import Batch, Measure, Task, attempt
from tests.command_line.running import ROOT


class StoppedError(Exception):
    """The executor was told to stop."""


@dataclass
class Here:
    """An executor in this process: a point a batch; ``after`` so many it stops."""

    after: int = 10**9
    keys: list[str] = field(default_factory=list)
    change: Callable[[Batch], Batch] = lambda batch: batch

    @contextmanager
    def session(self) -> Iterator[Run]:
        yield self._run

    def _run(self, measure: Measure, tasks: Iterable[Task]) -> Batches:
        for number, task in enumerate(tasks):
            if number == self.after:
                raise StoppedError
            self.keys.append(task.point.key)
            yield self.change(attempt(measure, [task]))


def started(output: Path, measure: str, place: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
    """A sweep in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.sweeps.command", str(output), measure, place, *words],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(process: subprocess.Popen[bytes], code: int = 0) -> str:
    """What a sweep printed, once it has ended with that code."""
    out, err = process.communicate(timeout=120)
    assert process.returncode == code, err.decode()
    return (out + err).decode()


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something.  Fails when it does not come."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def lines(path: Path) -> list[bytes]:
    """The whole lines of a file; none where there is no file."""
    return path.read_bytes().splitlines(keepends=True) if path.exists() else []


def keys(journal: Path) -> list[str]:
    """The points in a journal, in the order in which they came in."""
    return [entry(line)["key"] for line in lines(journal)[1:]]


def entry(line: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line)
    return found
