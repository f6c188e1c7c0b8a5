"""Wall time of a whole report, from the shell to the PDF, with the built-in engine.

Every run is a new process: imports and Python's own caches are cold each time, the disk cache after the first is warm.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
HOLDS, SOMETHING_NOT_RUN = 0, 3


def seconds(folder: Path) -> float:
    target = folder / "rnn.pdf"
    target.unlink(missing_ok=True)
    command = [sys.executable, "-m", "bptt", "report", "rnn", "--engine", "typst", "-o", str(target)]
    start = time.perf_counter()
    ended = subprocess.run(
        command, capture_output=True, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"}, cwd=folder, check=False
    )
    elapsed = time.perf_counter() - start
    if ended.returncode not in (HOLDS, SOMETHING_NOT_RUN) or not target.read_bytes().startswith(b"%PDF"):
        raise SystemExit(f"bptt report ended with {ended.returncode}: {ended.stderr.decode()}")
    return elapsed


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        times = [seconds(Path(folder)) for _ in range(ROUNDS)]
    print(
        f"bptt report rnn --engine typst: first {times[0]:.2f} s, median of {ROUNDS} {statistics.median(times):.2f} s"
    )


if __name__ == "__main__":
    main()
