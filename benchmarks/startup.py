"""How long the command line takes to answer, against the import of the terminal library alone; and how long
``bptt verify rnn`` takes the second time, against its own imports.

Rounds are interleaved, so that a busy machine disturbs all of them alike; medians are compared.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

WANTED_RATIO = 2.0
ROUNDS = 15
YARDSTICK = "import rich.console, rich.table"
VERIFY, IMPORTS = "bptt verify rnn, a second time", "its imports"
COMMANDS = {
    YARDSTICK: [sys.executable, "-c", YARDSTICK],
    "bptt --help": [sys.executable, "-m", "bptt", "--help"],
    "bptt verify --help": [sys.executable, "-m", "bptt", "verify", "--help"],
    "bptt verify nothing (usage error)": [sys.executable, "-m", "bptt", "verify", "nothing"],
    VERIFY: [sys.executable, "-m", "bptt", "verify", "rnn"],
    IMPORTS: [sys.executable, "-c", "import bptt.command_line, bptt.verbs.verify, bptt.cache.answers"],
    "python -c pass": [sys.executable, "-c", "pass"],
}
EXIT_CODES = {"bptt verify nothing (usage error)": 2}


def seconds(name: str, cache: str) -> float:
    """One run; a command that does not end as it should is an error, not a time."""
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "BPTT_CACHE": cache}
    start = time.perf_counter()
    ended = subprocess.run(COMMANDS[name], capture_output=True, env=environment, check=False)
    elapsed = time.perf_counter() - start
    if ended.returncode != EXIT_CODES.get(name, 0):
        raise SystemExit(f"{name} ended with {ended.returncode}: {ended.stderr.decode()}")
    return elapsed


def measured(cache: str) -> tuple[float, dict[str, list[float]]]:
    """The first ``bptt verify rnn``, and all times of the rounds by command."""
    firsts = {name: seconds(name, cache) for name in COMMANDS}  # warms the disk cache, and fills ours
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, taken in times.items():
            taken.append(seconds(name, cache))
    return firsts[VERIFY], times


def main() -> None:
    with tempfile.TemporaryDirectory() as cache:
        first, times = measured(cache)
    yardstick = statistics.median(times[YARDSTICK])
    for name, taken in times.items():
        middle = statistics.median(taken)
        print(f"{name:36} {1e3 * middle:7.1f} ms   ratio {middle / yardstick:5.2f} (wanted < {WANTED_RATIO})")
    second, imports = statistics.median(times[VERIFY]), statistics.median(times[IMPORTS])
    print(f"bptt verify rnn: {first:.1f} s, then {second:.2f} s; ratio to its imports {second / imports:.2f}")


if __name__ == "__main__":
    main()
