"""(b) A long sequence: the memory and the time of one gradient, as a whole and in pieces of √T steps."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from benchmarks.measuring.scale import Scale, Size
from benchmarks.measuring.table import Table, judged

WANTED_GB, WANTED_RATIO = 1.0, 1.5
CHILD = """
import json, resource, sys, time
from benchmarks.measuring.case import compiled, drawn
size, piece = json.loads(sys.argv[1])
case = drawn("rnn", *size)
more = {} if piece is None else {"piece": piece}
def work():
    return compiled("rnn").loss_and_gradient(case.parameters, case.starts, case.x, case.y, **more)
given = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
begun = time.perf_counter()
loss, gradient = work()
taken = time.perf_counter() - begun
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([taken, (peak - given) / 2**20, loss, [float(g.sum()) for g in gradient.values()]]))
"""
"""Its own process: a peak is that of the whole life of one."""


def tables(scale: Scale) -> Iterator[Table]:
    steps, hidden, batch = scale.long
    table = Table(
        f"(b) One gradient of rnn, T={steps:,}, n={hidden}, batch {batch}", ("", "peak, GB", "seconds", "/ whole")
    )
    whole, pieces = run(scale.long, None), run(scale.long, 0)
    if not _same(whole, pieces):
        raise SystemExit("the gradient in pieces is not that of the whole")
    table.add("whole", f"{whole[1]:.2f}", f"{whole[0]:.2f}", "1")
    shown = judged(pieces[1], WANTED_GB), f"{pieces[0]:.2f}", judged(pieces[0] / whole[0], WANTED_RATIO)
    table.add("in pieces of √T steps", *shown)
    table.notes.append("The peak is what is added to that of the process with inputs and targets.")
    yield table


def run(size: Size, piece: int | None) -> list[float]:
    """Seconds, GB, loss, and the sums of the gradients."""
    words = [sys.executable, "-c", CHILD, json.dumps([size, piece])]
    ended = subprocess.run(words, capture_output=True, text=True, check=False, env=dict(os.environ))
    if ended.returncode:
        raise SystemExit(f"the gradient of a long sequence ended with {ended.returncode}: {ended.stderr}")
    found: list[float] = json.loads(ended.stdout)
    return found


def _same(one: list[float], other: list[float]) -> bool:
    (loss, sums), (loss_, sums_) = one[2:], other[2:]
    return abs(loss - loss_) <= 1e-10 * abs(loss) and all(
        abs(a - b) <= 1e-8 * max(1.0, abs(a))
        for a, b in zip(sums, sums_, strict=True)  # type: ignore[call-overload]
    )
