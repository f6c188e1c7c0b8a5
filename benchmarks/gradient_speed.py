"""The time of loss and gradient: the compiled derivation against the best NumPy that we can write by hand.

One process, one BLAS thread, float64, the same arrays, medians of interleaved rounds: compare the ratios.  Both are
compared with each other before anything is timed.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

from hand_written.agreement import MODULES, agreed
from measuring.case import CELLS, Case, derived, drawn

from derive.compile import Gradient, compile_gradient

SIZES = ((10, 8, 1), (50, 32, 8), (100, 64, 32), (100, 256, 32), (1000, 64, 16), (1000, 256, 32))
SECONDS, FEW, MANY = 8.0, 3, 60
"""For both at one size, and how many rounds at least and at most."""
WANTED = 1.05


def medians(*works: Callable[[], object]) -> list[float]:
    """Of each, in seconds; a first round of each is not counted."""
    rounds: list[list[float]] = [[] for _ in works]
    end = time.perf_counter() + SECONDS
    while len(rounds[0]) <= FEW or (len(rounds[0]) <= MANY and time.perf_counter() < end):
        for own, work in zip(rounds, works, strict=True):
            begun = time.perf_counter()
            work()
            own.append(time.perf_counter() - begun)
    return [statistics.median(own[1:]) for own in rounds]


def both(case: Case, gradient: Gradient) -> list[float]:
    by_hand = MODULES[case.cell]
    workspace = by_hand.Workspace(case.steps, case.hidden, case.batch, case.hidden, case.hidden)
    w = by_hand.stacked(case.parameters)
    return medians(
        lambda: gradient.loss_and_gradient(case.parameters, case.starts, case.x, case.y),
        lambda: workspace.gradient(w, case.starts, case.x, case.y),
    )


def main() -> None:
    sizes = SIZES[:3] if "--quick" in sys.argv[1:] else SIZES
    worst = max(agreed().values())
    print(f"agreement before timing: {worst:.1e} of the largest entry; ours / by hand, wanted at most {WANTED} for rnn")
    print(f"{'(T, n, batch)':<18}" + "".join(f"{cell:>24}" for cell in CELLS))
    gradients = {cell: compile_gradient(derived(cell)) for cell in CELLS}
    for size in sizes:
        cells = []
        for cell in CELLS:
            ours, hand = both(drawn(cell, *size), gradients[cell])
            cells.append(f"{1e3 * ours:10.2f} ms  ratio {ours / hand:4.2f}")
        print(f"{size!s:<18}" + "".join(f"{shown:>24}" for shown in cells), flush=True)


if __name__ == "__main__":
    main()
