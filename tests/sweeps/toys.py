"""Measurements that cost nothing, and that say what was asked of them: each appends a line to a file."""

from __future__ import annotations

import math
import os
import signal
import time
from pathlib import Path

from bptt.sweeps.task import Task, Value

LOG, DELAY, DEADLY = "SWEEP_TEST_LOG", "SWEEP_TEST_DELAY", "SWEEP_TEST_DEADLY"
MODEL = {"cell": "toy"}


def number(task: Task) -> dict[str, Value]:
    """Values of every kind, with a pause; noted by key in the file that the environment names."""
    time.sleep(float(os.environ.get(DELAY, "0")))
    if LOG in os.environ:
        note(task.point.key)
    seed, steps = int(task.point["seed"] or 0), int(task.point["steps"] or 0)
    if seed == 13:
        raise OverflowError("unlucky")
    zero = -math.inf if seed % 5 == 0 else math.sin(seed) / 3
    return {"log10_norm_per_step": zero, "square": seed * seed, "nothing": None if seed % 2 else steps / 7}


def deadly(task: Task) -> dict[str, Value]:
    """Seed 7 kills its process: once, where the environment names a file to remember that in, else always."""
    if task.point["seed"] == 7:
        once = os.environ.get(DEADLY)
        if not once or not Path(once).exists():
            if once:
                Path(once).touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return number(task)


def hungry(task: Task) -> dict[str, Value]:
    raise MemoryError


def undefined(task: Task) -> dict[str, Value]:
    return {"x": math.nan}


def pid(task: Task) -> dict[str, Value]:
    """The process, and the number of threads that BLAS may use."""
    time.sleep(0.1)
    return {"pid": os.getpid(), "threads": int(os.environ.get("OPENBLAS_NUM_THREADS", "0"))}


def note(key: str) -> None:
    """One line in one write: many processes share the file."""
    descriptor = os.open(os.environ[LOG], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{key}\n".encode())
    os.close(descriptor)
