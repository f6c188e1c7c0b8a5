"""A Dask cluster: the points go to the workers of a scheduler, and come back as they are finished.

A worker that is lost is Dask's affair: its points go to the others (up to the scheduler's ``allowed-failures``).  A
chunk that was lost that often is taken apart, so that only the point that kills its workers is given up.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from bptt.screen import one_line
from bptt.sweeps.chunks import Chunk, Chunks
from bptt.sweeps.executor import Batches, Run
from bptt.sweeps.task import Measure, Task, attempt, lost
from derive.errors import InputError

TITLE = "the workers of a Dask scheduler"
OPTION = "--dask"
REACHED = 5
"""Seconds in which the scheduler has to answer."""
WAITED = 60
"""Seconds in which at least one worker has to be there."""
_RETRIES = 3
_ASKED = 2.0  # seconds
_SCHEMES = ("tcp", "tls", "ws", "wss")
_KEPT = "what is finished is in the journal, and the same command goes on from there"


def add_option(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--dask", metavar="ADDRESS", help="the workers of a Dask scheduler, such as tcp://10.0.0.1:8786")


def chosen(arguments: argparse.Namespace) -> DaskCluster | None:
    return DaskCluster(arguments.dask) if arguments.dask is not None else None


def _hush() -> None:
    """Dask reports every loss on stderr, those that it mends too."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _is_address(text: str) -> bool:
    """Whether it is SCHEME://HOST:PORT; Dask itself leaves half a client behind when it is not."""
    try:
        parts = urlsplit(text)
        return (
            parts.scheme in _SCHEMES and bool(parts.hostname and parts.port) and text.isprintable() and " " not in text
        )
    except ValueError:
        return False


@dataclass(frozen=True)
class DaskCluster:
    """The scheduler at an address such as ``tcp://127.0.0.1:8786``."""

    address: str

    @contextmanager
    def session(self) -> Iterator[Run]:
        """Raises InputError when Dask is not installed, or nobody answers at the address, or has workers."""
        client = self._client()
        try:
            yield lambda measure, tasks: self._run(client, measure, tasks)
        finally:
            with suppress(Exception):  # of a scheduler that has gone
                client.close(timeout=REACHED)

    def _client(self) -> Any:
        where = f"--dask {self.address}"
        if find_spec("distributed") is None:
            raise InputError("Dask is not installed", where, "python -m pip install 'bptt[dask]'")
        if not _is_address(self.address):
            raise InputError(
                "is no address of a scheduler", where, "write tcp://HOST:PORT, as `dask scheduler` prints it"
            )
        import distributed

        connect: Any = distributed.Client

        _hush()
        try:
            client: Any = connect(self.address, timeout=REACHED, set_as_default=False)
        except (OSError, ValueError) as error:
            mend = "start `dask scheduler`, and take the address that it prints"
            raise InputError(f"no scheduler answers ({one_line(str(error))[:120]})", where, mend) from None
        try:
            client.wait_for_workers(1, timeout=WAITED)
        except TimeoutError:
            client.close(timeout=REACHED)
            raise InputError("the scheduler has no workers", where, f"start `dask worker {self.address}`") from None
        return client

    def _run(self, client: Any, measure: Measure, tasks: Iterable[Task]) -> Batches:
        """First all chunks; then one by one the points of those chunks that lost too many workers, side by side; then
        alone those that did so again, for Dask blames whatever waited at a worker for its end."""
        doubtful: list[Task] = []
        suspects: list[Task] = []
        killers: list[Task] = []
        try:
            yield from _computed(client, measure, Chunks(tasks), doubtful, Threads(client))
            yield from _computed(client, measure, Chunks(doubtful, single=True), suspects, Threads(client))
            yield from _computed(client, measure, Chunks(suspects, single=True), killers, lambda: 1)
        except Exception as error:
            raise self._failure(error) from error
        yield from map(lost, killers)

    def _failure(self, error: Exception) -> InputError:
        """Of the cluster, not of a point: the scheduler has gone, or a worker lacks what it needs."""
        where = f"--dask {self.address}"
        if isinstance(error, ImportError) or "deserialization" in str(error):  # of the scheduler, which reads it too
            mend = f"install the same bptt for the scheduler and every worker; {_KEPT}"
            return InputError("the cluster cannot load what it is to compute", where, mend)
        text = one_line(f"{type(error).__name__}: {error}")[:200]
        return InputError(f"the cluster has failed ({text})", where, _KEPT)


def _computed(client: Any, measure: Measure, queue: Chunks, killed: list[Task], width: Callable[[], int]) -> Batches:
    """What comes back, ``width()`` chunks at a time; ``killed`` gets the tasks of those that lost too many workers."""
    import distributed

    flying: dict[str, Chunk] = {}
    follow: Any = distributed.as_completed
    coming = follow(loop=client.loop, raise_errors=False)
    while True:
        wanted = width()
        while len(flying) < wanted and (chunk := queue.take()):
            future = client.submit(attempt, measure, chunk, pure=False, retries=_RETRIES)
            flying[future.key] = chunk
            coming.add(future)
        if not flying:
            return
        future = next(coming)
        chunk = flying.pop(future.key)
        try:
            yield queue.settle(chunk, future.result())
        except distributed.KilledWorker:
            killed.extend(chunk)


class Threads:
    """Twice the threads of all workers, asked for again now and then, since workers come and go."""

    def __init__(self, client: Any) -> None:
        self._client, self._asked, self._count = client, -_ASKED, 0

    def __call__(self) -> int:
        if time.monotonic() > self._asked + _ASKED:
            self._asked, self._count = time.monotonic(), sum(self._client.nthreads().values())
        return 2 * max(self._count, 1)
