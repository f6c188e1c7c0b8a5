"""Tasks in chunks: small points travel together, a large one alone, and nobody has to know beforehand which is."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from bptt.sweeps.task import Batch, Task

_LARGEST = 256

Chunk = tuple[Task, ...]


class Chunks:
    """A queue of tasks.  A worker stops after ``task.SLICE`` seconds and leaves the rest of its chunk to others, so the
    size of the next ones follows from how many it did.  With ``single``, every chunk is one task."""

    def __init__(self, tasks: Iterable[Task], *, single: bool = False) -> None:
        self._fresh = iter(tasks)
        self._back: deque[Task] = deque()
        self._size, self.single = 1, single

    def take(self) -> Chunk:
        """The next chunk; empty when there is none."""
        chunk: list[Task] = []
        while len(chunk) < (1 if self.single else self._size):
            task = self._back.popleft() if self._back else next(self._fresh, None)
            if task is None:
                break
            chunk.append(task)
        return tuple(chunk)

    def give_back(self, tasks: Sequence[Task]) -> None:
        """Tasks that have not been done; they come first."""
        self._back.extendleft(reversed(tasks))

    def settle(self, chunk: Chunk, batch: Batch) -> Batch:
        """Take back what the batch has left of its chunk; returns the batch."""
        done = len(batch.outcomes)
        self.give_back(chunk[done:])
        self._size = min(2 * done if done == len(chunk) else done, _LARGEST)
        return batch
