"""A sweep of a toy as a program of its own: OUTPUT MEASURE JOBS-or-ADDRESS WORDS…"""

from __future__ import annotations

import sys
from pathlib import Path

from bptt.sweeps.executors.dask_cluster import DaskCluster
from bptt.sweeps.executors.processes import Processes
from bptt.sweeps.grid import grid
from bptt.sweeps.run import run_sweep
from derive.errors import BpttError
from tests.sweeps import toys


def main(output: str, measure: str, place: str, *words: str) -> int:
    executor = Processes(int(place)) if place.isdecimal() else DaskCluster(place)
    try:
        done = run_sweep(grid(words), toys.MODEL, Path(output), measure=getattr(toys, measure), executor=executor)
    except BpttError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{done.summary}\n")
    return done.exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
