"""A pool of processes that outlives the loss of any of them; one BLAS thread in each.

When a process is killed (for want of memory, say) the pool is broken, and nobody knows which of the points in work did
it.  They are tried again one by one in half as many processes, and so on down to a single one, in which the culprit is
known; all others are finished on the way.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import Counter
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process

from bptt.sweeps.chunks import Chunk, Chunks
from bptt.sweeps.executor import Batches
from bptt.sweeps.task import Batch, Measure, Task, attempt, lost
from derive.errors import BpttError

TRIES = 2
"""How often a point may kill a process in which it was alone."""
_MOST_LOST = 100
_LIBRARIES = ("OMP", "OPENBLAS", "MKL", "BLIS", "NUMEXPR")
_THREADS = (*(f"{name}_NUM_THREADS" for name in _LIBRARIES), "VECLIB_MAXIMUM_THREADS")


def finished(measure: Measure, queue: Chunks, jobs: int, deaths: Counter[str]) -> Batches:
    """All tasks of the queue, whatever dies on the way; ``deaths`` counts how often a point died alone.

    Raises BpttError when processes die before they have anything to do, or too many points kill theirs.
    """
    while broken := (yield from _until_broken(measure, queue, jobs)):
        if jobs > 1 or not queue.single:
            yield from finished(measure, Chunks(broken, single=True), max(jobs // 2, 1), deaths)
            continue
        (culprit,) = broken
        deaths[culprit.point.key] += 1
        if deaths[culprit.point.key] < TRIES:
            queue.give_back(broken)
        elif sum(count >= TRIES for count in deaths.values()) > _MOST_LOST:
            raise BpttError(
                f"more than {_MOST_LOST} points killed the process that computed them; the last was {culprit.point.key}"
            )
        else:
            yield lost(culprit)


def _until_broken(measure: Measure, queue: Chunks, jobs: int) -> Generator[Batch, None, list[Task]]:
    """Batches from one pool; returns the tasks that were in work when it broke, none when all is done."""
    flying: dict[Future[Batch], Chunk] = {}
    with _pool(jobs) as pool:
        if queue.single:  # after a loss
            _greet(pool)
        try:
            while _filled(flying, pool, measure, queue, jobs):
                for future in wait(flying, return_when=FIRST_COMPLETED).done:
                    batch = future.result()
                    yield queue.settle(flying.pop(future), batch)
        except BrokenProcessPool:
            pass
    for future in [future for future in flying if future.exception() is None]:
        yield queue.settle(flying.pop(future), future.result())
    return [task for chunk in flying.values() for task in chunk]


def _filled(
    flying: dict[Future[Batch], Chunk], pool: ProcessPoolExecutor, measure: Measure, queue: Chunks, jobs: int
) -> bool:
    """Submit as many chunks as keep all processes busy; whether there is anything to wait for."""
    while len(flying) < (jobs if queue.single else 2 * jobs) and (chunk := queue.take()):
        try:
            flying[pool.submit(attempt, measure, chunk)] = chunk
        except BrokenProcessPool:
            queue.give_back(chunk)
            raise
    return bool(flying)


def _greet(pool: ProcessPoolExecutor) -> None:
    """Raises BpttError when a process of the pool dies before it has been given anything to do."""
    try:
        pool.submit(os.getpid).result()
    except BrokenProcessPool:
        mend = "is there no memory left? what is finished is in the journal, and the same command goes on from there"
        raise BpttError(f"the processes that compute the points die when they start ({mend})") from None


@contextmanager
def _pool(jobs: int) -> Iterator[ProcessPoolExecutor]:
    """A pool that is gone afterwards, with what it was doing."""
    pool = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)
    try:
        yield pool
    except BaseException:
        for process in list((pool._processes or {}).values()):
            process.kill()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin() -> None:
    """In a new process: Ctrl-C is the parent's affair, and when the parent has gone this process goes too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow, daemon=True).start()


def _follow() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """BLAS reads these when NumPy is imported, which in a new process happens after it has been given them."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
