"""What carries the weights of a strategy back through time: a few columns, moved and scaled at every link.

A weight is ω(t, i) = s M_t ⋯ M_{i+1} r (``derive.strategy``); s, r and M_j are made of zeros, ones and ξ_j.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from derive.arithmetic import Array

Number = Any
"""A weight or a factor: a float, a Fraction, or an exact number of another kind."""
Move = tuple[int, int]
"""From one column to another."""


@dataclass(frozen=True)
class Machine:
    """``enters`` and ``read`` are the columns where s and r are one, ``kept`` and ``scaled`` the entries of M_j that
    are one and ξ_j: M_j = Σ_kept e_from e_toᵀ + ξ_j Σ_scaled e_from e_toᵀ."""

    width: int
    enters: tuple[int, ...] = (0,)
    kept: tuple[Move, ...] = ()
    scaled: tuple[Move, ...] = ()
    read: tuple[int, ...] = (0,)

    def start(self, seed: Array) -> Array:
        """g s, (…, n, K), from a column (…, n, 1)."""
        columns = np.zeros((*seed.shape[:-1], self.width), dtype=seed.dtype)
        columns[..., list(self.enters)] = seed
        return columns

    def passed(self, columns: Array, factor: Number) -> Array:
        """D M_j, (…, K); the factor ξ_j is a number, or an array that broadcasts against one column (…, n, 1)."""
        if self.width == 1 and not self.kept:
            return factor * columns if self.scaled else 0 * columns
        found = np.zeros(np.broadcast_shapes(columns.shape, np.shape(factor)), dtype=columns.dtype)
        for moves, scale in ((self.kept, None), (self.scaled, factor)):
            for origins, targets in blocks(moves):
                moved = columns[..., origins]
                found[..., targets] += moved if scale is None else scale * moved
        return found

    def result(self, columns: Array) -> Array:
        """D r, a column (…, n, 1)."""
        return columns[..., list(self.read)].sum(axis=-1, keepdims=True)

    def forward_start(self, share: Array) -> Array:
        """r b: (…, K) from (…)."""
        columns = np.zeros((*share.shape, self.width), dtype=share.dtype)
        columns[..., list(self.read)] = share[..., None]
        return columns

    def forward(self, columns: Array, factor: Number) -> Array:
        """M_j applied from the left, on the last axis: how the weights look from the earlier step."""
        turned = Machine(self.width, kept=_turned(self.kept), scaled=_turned(self.scaled))
        return turned.passed(columns, factor)


@lru_cache(maxsize=256)
def blocks(moves: tuple[Move, ...]) -> tuple[tuple[slice, slice], ...]:
    """Moves of neighbours by the same distance, together: slices are faster than lists of columns."""
    found: list[list[Move]] = []
    for move in sorted(moves):
        last = found[-1][-1] if found else None
        if last is not None and move == (last[0] + 1, last[1] + 1):
            found[-1].append(move)
        else:
            found.append([move])
    return tuple(
        (slice(block[0][0], block[-1][0] + 1), slice(block[0][1], block[-1][1] + 1)) for block in found
    )  # fmt: skip


def _turned(moves: tuple[Move, ...]) -> tuple[Move, ...]:
    return tuple((target, origin) for origin, target in moves)
