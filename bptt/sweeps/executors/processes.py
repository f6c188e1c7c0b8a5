"""This machine: a pool of processes, as ``bptt.sweeps.pool`` has it."""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bptt.options import positive
from bptt.sweeps.chunks import Chunks
from bptt.sweeps.executor import Run
from derive.errors import InputError

TITLE = "processes of this machine"
OPTION = "--jobs"
_MOST = 64


def add_option(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--jobs", type=positive, metavar="N", help="processes of this machine (one for each core)")


def chosen(arguments: argparse.Namespace) -> Processes | None:
    """Raises InputError for more processes than a machine can start."""
    most = max(_MOST, 8 * cores())
    if arguments.jobs and arguments.jobs > most:
        raise InputError(f"this machine has {cores()} cores", f"--jobs {arguments.jobs}", f"take at most {most}")
    return Processes(arguments.jobs) if arguments.jobs else None


def default() -> Processes:
    return Processes(cores())


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Processes:
    """``jobs`` processes of this machine."""

    jobs: int

    @contextmanager
    def session(self) -> Iterator[Run]:
        from bptt.sweeps.pool import finished, one_thread_each

        with one_thread_each():
            yield lambda measure, tasks: finished(measure, Chunks(tasks), self.jobs, Counter())
