"""A track whose gradient has a size near one, so that no square over- or underflows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from derive.arithmetic import Array
from derive.track import Gradients, Track

_MOST = 1000
"""Of the exponent of a power of two: more is not a normal number."""


class Rescaled(Track):
    """The same chain with every error g multiplied by one number: all gradients are multiplied by it."""

    def __init__(self, track: Track, scale: float) -> None:
        self.track, self.scale = track, scale
        self.length, self.shapes = track.length, track.shapes

    def seed(self, step: int) -> Array:
        return self.scale * self.track.seed(step)

    def back(self, step: int, columns: Array) -> Array:
        return self.track.back(step, columns)

    def forward(self, step: int, columns: Array) -> Array:
        return self.track.forward(step, columns)

    def share(self, step: int, delta: Array) -> Gradients:
        return self.track.share(step, delta)

    def initial(self, step: int) -> Mapping[str, slice]:
        return self.track.initial(step)

    def before(self, step: int, columns: Array) -> Array:
        return self.track.before(step, columns)

    def at_start(self, delta: Array) -> Array:
        return self.track.at_start(delta)


def rescaled(track: Track, full: Mapping[str, Array]) -> tuple[Track, Gradients]:
    """Track and full gradient by a power of two, which rounds nothing; ratios of gradients stay as they are."""
    largest = max((float(np.abs(array).max(initial=0.0)) for array in full.values()), default=0.0)
    exponent = int(np.clip(np.frexp(largest)[1], -_MOST, _MOST)) if largest else 0
    scale = float(np.ldexp(1.0, -exponent))
    return Rescaled(track, scale), {name: scale * array for name, array in full.items()}
