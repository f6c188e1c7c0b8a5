"""Memory that generated functions write into, kept from one call to the next."""

from __future__ import annotations

from math import prod

import numpy as np

from derive.arithmetic import Array

_IDLE = 2
"""As many are kept for later runs; more than that work at the same time only where several threads do."""


class Workspace:
    """Arrays by number.  One is made anew where it is too small, so that sequences of any length may come and go."""

    def __init__(self, kind: np.dtype) -> None:
        self.kind = kind
        self._flat: dict[int, Array] = {}
        self._shaped: dict[int, Array] = {}

    def __call__(self, number: int, shape: tuple[int, ...]) -> Array:
        """Memory of that shape, with anything in it."""
        found = self._shaped.get(number)
        if found is None or found.shape != shape:
            found = self._shaped[number] = self._room(number, prod(shape)).reshape(shape)
        return found

    @property
    def nbytes(self) -> int:
        """The bytes of what was last asked for."""
        return sum(array.nbytes for array in self._shaped.values())

    def _room(self, number: int, size: int) -> Array:
        flat = self._flat.get(number)
        if flat is None or flat.size < size:
            flat = self._flat[number] = np.empty(size, self.kind)
        return flat[:size]


class Workspaces:
    """Those that no run is using."""

    def __init__(self) -> None:
        self._idle: dict[np.dtype, list[Workspace]] = {}

    def take(self, kind: np.dtype) -> Workspace:
        try:
            return self._idle[kind].pop()
        except (KeyError, IndexError):
            return Workspace(kind)

    def give_back(self, workspace: Workspace) -> None:
        """Nobody may use its arrays any more."""
        idle = self._idle.setdefault(workspace.kind, [])
        if len(idle) < _IDLE:
            idle.append(workspace)
