"""Calls of a bound function: made ready once for some sizes, kept for the next call of the same ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.compiled.bound.source import bound_source
from derive.compiled.given import Arrays, Read
from derive.compiled.support import loaded
from derive.compiled.whole import Whole
from derive.compiled.workspace import Workspace
from derive.indices import value

Result = tuple[str, int, tuple[int, ...], bool]
"""A gradient: its name, where it is returned, its shape, and whether another one has that array."""

_IDLE = 4
"""So many that are made ready wait for their next call; of other sizes, the one that has waited longest makes room."""


@dataclass(eq=False)
class Ready:
    """The function for some sizes, and the memory that it works in."""

    key: tuple[object, ...]
    room: Workspace
    function: Callable[..., tuple[Array, ...]]
    results: tuple[Result, ...]


class Waiting:
    """Functions that are made ready and that no call is using.  Calls of several threads get one each."""

    def __init__(self) -> None:
        self._idle: list[Ready] = []
        self._lock = Lock()

    def take(self, key: tuple[object, ...]) -> Ready | None:
        """The one for that key that was used last."""
        with self._lock:
            for place in range(len(self._idle) - 1, -1, -1):
                if self._idle[place].key == key:
                    return self._idle.pop(place)
        return None

    def memory(self, kind: np.dtype) -> Workspace:
        """Memory of one that has waited too long, or new."""
        with self._lock:
            full = len(self._idle) >= _IDLE
            place = next((place for place, own in enumerate(self._idle) if own.room.kind == kind), None)
            return self._idle.pop(place).room if full and place is not None else Workspace(kind)

    def give_back(self, ready: Ready) -> None:
        with self._lock:
            self._idle.append(ready)
            del self._idle[:-_IDLE]


@dataclass(frozen=True)
class BoundProgram:
    """Loss and gradient of one model; ``sizes`` says what sizes are called in the source."""

    whole: Whole
    sizes: Mapping[sp.Symbol, str]

    @cached_property
    def source(self) -> str:
        return bound_source(self.whole, self.sizes)

    @cached_property
    def bind(self) -> Callable[..., Callable[..., tuple[Array, ...]]]:
        return loaded(self.source)["bind"]  # type: ignore[return-value]

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        return tuple(map(Read.of, self.whole.reads))

    @cached_property
    def waiting(self) -> Waiting:
        return Waiting()

    def __call__(self, given: Arrays, dtype: Any = np.float64) -> tuple[float, dict[str, Array]]:
        """The mean loss, and the gradients in their shapes, in memory of their own."""
        kind = np.dtype(dtype)
        key = (kind, given.shapes)
        ready = self.waiting.take(key) or self._ready(key, kind, given.sizes)
        return self._run(ready, [given.seen(read, kind) for read in self.reads])

    def again(self, key: tuple[object, ...], rows: list[Array]) -> tuple[float, dict[str, Array]] | None:
        """The same of rows that are ready to be read, where a function for their sizes is waiting."""
        ready = self.waiting.take(key)
        return None if ready is None else self._run(ready, rows)

    def _run(self, ready: Ready, rows: list[Array]) -> tuple[float, dict[str, Array]]:
        found = ready.function(*rows)
        self.waiting.give_back(ready)
        return found[0].item(), {
            name: (found[place].copy() if again else found[place]).reshape(shape)
            for name, place, shape, again in ready.results
        }

    def _ready(self, key: tuple[object, ...], kind: np.dtype, sizes: Mapping[sp.Symbol, int]) -> Ready:
        room = self.waiting.memory(kind)
        function = self.bind(*(sizes[symbol] for symbol in self.sizes), kind, room)
        return Ready(key, room, function, tuple(self._results(sizes)))

    def _results(self, sizes: Mapping[sp.Symbol, int]) -> Iterator[Result]:
        seen = set[int]()
        for name, of in self.whole.roots.gradients.items():
            place = self.whole.results.index(of)
            yield name, place, tuple(value(size, sizes) for size in of.shape), place in seen
            seen.add(place)
