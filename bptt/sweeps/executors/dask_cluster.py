"""A Dask cluster: the points go to the workers of a scheduler, and come back as they are finished.

A worker that is lost is Dask's affair: its points go to the others (up to the scheduler's ``allowed-failures``).  A
chunk that was lost that often is taken apart, so that only the point that kills its workers is given up.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

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
_KEPT = "what is finished is in the journal, and the same command goes on from there"


def add_option(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--dask", metavar="ADDRESS", help="the workers of a Dask scheduler, such as tcp://10.0.0.1:8786")


def chosen(arguments: argparse.Namespace) -> DaskCluster | None:
    return DaskCluster(arguments.dask) if arguments.dask is not None else None


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
        import distributed

        connect: Any = distributed.Client

        logging.getLogger("distributed").setLevel(logging.CRITICAL + 1)  # it reports every loss that it mends
        try:
            client: Any = connect(self.address, timeout=REACHED, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            mend = "start `dask scheduler`, and take the address that it prints"
            raise InputError(f"no scheduler answers ({one_line(str(error))[:120]})", where, mend) from None
        try:
            client.wait_for_workers(1, timeout=WAITED)
        except TimeoutError:
            client.close(timeout=REACHED)
            raise InputError("the scheduler has no workers", where, f"start `dask worker {self.address}`") from None
        return client

    def _run(self, client: Any, measure: Measure, tasks: Iterable[Task]) -> Batches:
        """First all chunks; then, one by one, the points of those chunks that lost too many workers."""
        doubtful: list[Task] = []
        yield from self._all(client, measure, Chunks(tasks), doubtful)
        killers: list[Task] = []
        yield from self._all(client, measure, Chunks(doubtful, single=True), killers)
        yield from map(lost, killers)

    def _all(self, client: Any, measure: Measure, queue: Chunks, killed: list[Task]) -> Batches:
        """What comes back; ``killed`` gets the tasks of the chunks that lost too many workers."""
        import distributed

        flying: dict[str, Chunk] = {}
        follow: Any = distributed.as_completed
        coming = follow(raise_errors=False)
        while self._filled(flying, coming, client, measure, queue):
            future = next(coming)
            chunk = flying.pop(future.key)
            try:
                yield queue.settle(chunk, future.result())
            except distributed.KilledWorker:
                killed.extend(chunk)
            except InputError:
                raise
            except Exception as error:
                raise self._failure(error) from error

    def _filled(self, flying: dict[str, Chunk], coming: Any, client: Any, measure: Measure, queue: Chunks) -> bool:
        """Submit as many chunks as keep all workers busy; whether there is anything to wait for."""
        wanted = 2 * max(sum(client.nthreads().values()), 1)
        while len(flying) < wanted and (chunk := queue.take()):
            future = client.submit(attempt, measure, chunk, pure=False, retries=_RETRIES)
            flying[future.key] = chunk
            coming.add(future)
        return bool(flying)

    def _failure(self, error: Exception) -> InputError:
        """Of the cluster, not of a point: the scheduler has gone, or a worker lacks what it needs."""
        where = f"--dask {self.address}"
        if isinstance(error, ImportError):
            mend = f"install the same bptt on every worker; {_KEPT}"
            return InputError(f"a worker cannot compute the points ({error})", where, mend)
        text = one_line(f"{type(error).__name__}: {error}")[:200]
        return InputError(f"the cluster has failed ({text})", where, _KEPT)
