"""A process of its own, whose peak of memory is that of one gradient: ``python -m benchmarks.measuring.long_sequence``.

Its words are a way (``WAYS``), T, n, the batch, and a file for what it finds.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring.case import compiled, drawn
from benchmarks.measuring.rounds import seconds

WAYS: dict[str, int | None] = {"whole": None, "pieces": 0}
"""What ``loss_and_gradient`` is told of pieces: 0 are √T of √T steps."""
WARM = 20
"""Steps of a first call, which compiles."""


@dataclass(frozen=True)
class Found:
    """``bytes_`` is the peak above what was there before: the arrays given are not counted."""

    loss: float
    gradient: dict[str, np.ndarray]
    seconds: float
    bytes_: float


def asked(way: str, size: tuple[int, int, int]) -> Found:
    """In a new process.  Raises CalledProcessError, with what it said on stderr, where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "found.npz"
        words = [sys.executable, "-m", __name__, way, *map(str, size), str(file)]
        subprocess.run(words, check=True, cwd=Path(__file__).parents[2])
        with np.load(file) as arrays:
            found = dict(arrays)
    loss, taken, peak = (float(found.pop(name)) for name in ("loss ", "seconds ", "bytes "))
    return Found(loss, found, taken, peak)


def measure(way: str, steps: int, hidden: int, batch: int, file: Path) -> None:
    """The second call is timed: the first one gets the memory from the system."""
    of = compiled("rnn")
    given = drawn("rnn", steps, hidden, batch)
    few = slice(WARM)
    of.loss_and_gradient(given.parameters, given.starts, given.x[few], given.y[few], piece=WAYS[way])
    before = _now()
    found: list[Any] = []

    def work() -> None:
        found[:] = of.loss_and_gradient(given.parameters, given.starts, given.x, given.y, piece=WAYS[way])

    work()
    taken = seconds(work)
    loss, gradient = found
    own = {"loss ": loss, "seconds ": taken, "bytes ": _peak() - before}
    np.savez(file, **gradient, **own)


def _now() -> float:
    """What this process holds, in bytes; where only the peak is known, that."""
    return _status("VmRSS") or _peak()


def _peak() -> float:
    """The most that it has held.

    What ``getrusage`` says begins, on Linux, with the peak of the process that started this one: it would hide ours.
    """
    most = float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * (1 if sys.platform == "darwin" else 1024)
    return _status("VmHWM") or most


def _status(name: str) -> float:
    """A line of Linux's account of this process, in bytes; 0 elsewhere."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((1024.0 * float(line.split()[1]) for line in lines if line.startswith(f"{name}:")), 0.0)


if __name__ == "__main__":
    way, steps, hidden, batch, target = sys.argv[1:]
    measure(way, int(steps), int(hidden), int(batch), Path(target))
