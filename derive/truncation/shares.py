"""What every step adds to every gradient, as matrices: b_i of all parameters of the recurrence side by side."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from derive.arithmetic import Array
from derive.track import Gradients, Track
from derive.truncation.distance import flat

_ROOM = 1 << 22


class Shares:
    """b of every step as matrices (B, n, p), the parameters of the recurrence side by side; built when asked for."""

    def __init__(self, track: Track) -> None:
        self.track = track
        self.known: dict[int, Array] = {}
        self.shapes = track.shapes

    @property
    def size(self) -> int:
        """p."""
        return sum(rows * cols for rows, cols in self.shapes.values())

    def __getitem__(self, step: int) -> Array:
        if step not in self.known:
            self.known[step] = self._dense(step)
        return self.known[step]

    def _dense(self, step: int) -> Array:
        seed = self.track.seed(step)
        batch, rows = seed.shape[:2]
        units = np.zeros((batch * rows, batch, rows, 1), dtype=seed.dtype)
        for run in range(batch * rows):
            units[run, run // rows, run % rows] = 1
        found = self.track.share(step, units)
        blocks = [
            np.broadcast_to(found[name], (len(units), *shape)).reshape(batch, rows, -1) if name in found
            else np.zeros((batch, rows, shape[0] * shape[1]), dtype=seed.dtype)
            for name, shape in self.shapes.items()
        ]  # fmt: skip
        return np.concatenate(blocks, axis=-1)

    def of(self, gradients: Gradients) -> Gradients:
        """What of given gradients is asked for."""
        return {name: gradients[name] for name in self.shapes}

    def parts(self, steps: int) -> list[slice]:
        """Columns that are worked on at once, so that memory stays bounded."""
        batch, rows = self.track.seed(1).shape[:2]
        width = max(1, _ROOM // (steps * batch * rows))
        return [slice(first, first + width) for first in range(0, self.size, width)]

    def shaped(self, row: Array) -> Gradients:
        """A row of p numbers as gradients, by name."""
        found, first = {}, 0
        for name, shape in self.shapes.items():
            count = shape[0] * shape[1]
            found[name] = row[..., first : first + count].reshape(*row.shape[:-1], *shape)
            first += count
        return found


class Along(Shares):
    """One number instead of all entries: the estimate's product with a given direction."""

    def __init__(self, track: Track, direction: Mapping[str, Array]) -> None:
        super().__init__(track)
        self.direction = flat(direction, self.shapes)

    def _dense(self, step: int) -> Array:
        return super()._dense(step) @ self.direction[:, None]

    @property
    def size(self) -> int:
        return 1

    def of(self, gradients: Gradients) -> Gradients:
        return {"along": (flat(gradients, self.shapes) @ self.direction).reshape(1, 1)}

    def shaped(self, row: Array) -> Gradients:
        return {"along": row[..., None]}
