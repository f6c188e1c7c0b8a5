"""The largest Lyapunov exponent by power iteration: one matrix–vector product for each factor."""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array
from derive.growth.chain import Chain
from derive.growth.factors import Diagonal, Factors

_EVERY = 16
"""Steps between two normalisations; a vector may grow by 10³⁰⁰ in between."""


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
    log = 0.0
    for begin in range(0, found.steps, _EVERY):
        for offset in range(begin, min(begin + _EVERY, found.steps)):
            for is_column, each, array in links:
                part = array[offset] if each else array
                vector = part * vector if is_column else part @ vector
        length = float(np.linalg.norm(vector))
        if length == 0.0:
            return vector, -np.inf
        vector, log = vector / length, log + float(np.log(length))
    return vector, log


def _plain(link: object) -> tuple[bool, bool, Array]:
    """Whether it is a diagonal, whether it changes from step to step, and its array."""
    if isinstance(link, Diagonal):
        return True, link.column.ndim == 3, link.column[..., 0]
    assert isinstance(link, np.ndarray)
    return False, link.ndim == 3, link
