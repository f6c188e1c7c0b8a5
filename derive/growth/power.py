"""The largest Lyapunov exponent by power iteration: one matrix–vector product for each factor."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from derive.arithmetic import Array
from derive.growth.chain import Chain
from derive.growth.factors import Diagonal, Factors

_EVERY = 16
"""Steps between two normalisations, unless the vector grows or shrinks by more than ``_SMALL`` in between."""
_SMALL = 1e-100
_Plain = tuple[bool, bool, Array]


def top_exponent(chain: Chain, *, seed: int = 0) -> Array:
    """λ_1 of every sequence (batch,), in nats a step; −∞ where the direction dies."""
    start = np.random.default_rng(seed).normal(size=chain.size)
    vectors, logs = [start / np.linalg.norm(start)] * chain.batch, np.zeros(chain.batch)
    for _, found in chain.windows():
        for sequence in range(chain.batch):
            vectors[sequence], log = followed(found.of(sequence), vectors[sequence])
            logs[sequence] += log
    return logs / chain.steps


def followed(found: Factors, vector: Array) -> tuple[Array, float]:
    """A unit vector (n,) carried through the factors of one sequence, as a unit vector, and by how much it grew."""
    links = [_plain(link) for link in reversed(found.links)]
    with np.errstate(over="ignore", invalid="ignore"):  # what does not fit a float is done again
        return _followed(links, found.steps, vector)


def _followed(links: Sequence[_Plain], count: int, vector: Array) -> tuple[Array, float]:
    log = 0.0
    for begin in range(0, count, _EVERY):
        steps = range(begin, min(begin + _EVERY, count))
        moved = _through(links, steps, vector)
        length = math.sqrt(moved.dot(moved))
        if not _SMALL < length < 1 / _SMALL:
            vector, grown = _slowly(links, steps, vector)
        else:
            vector, grown = moved / length, math.log(length)
        log += grown
        if log == -math.inf:
            break
    return vector, log


def _through(links: Sequence[_Plain], steps: range, vector: Array) -> Array:
    """A copy of the vector, carried through some steps."""
    vector = vector.copy()
    for offset in steps:
        for is_column, each, array in links:
            part = array[offset] if each else array
            if is_column:
                vector *= part
            else:
                vector = part.dot(vector)
    return vector


def _slowly(links: Sequence[_Plain], steps: range, vector: Array) -> tuple[Array, float]:
    """The same where it does not fit a float: normalised after every link."""
    log = 0.0
    for offset in steps:
        for link in links:
            vector = _through((link,), range(offset, offset + 1), vector)
            largest = float(np.abs(vector).max())
            if largest == 0.0:
                return vector, -math.inf
            vector, log = vector / largest, log + math.log(largest)
    length = float(np.linalg.norm(vector))
    return vector / length, log + math.log(length)


def _plain(link: object) -> _Plain:
    """Whether it is a diagonal, whether it changes from step to step, and its array."""
    if isinstance(link, Diagonal):
        return True, link.column.ndim == 3, link.column[..., 0]
    assert isinstance(link, np.ndarray)
    return False, link.ndim == 3, link
