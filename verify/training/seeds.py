"""Seeded draws.  Every purpose has a generator of its own, so that all strategies see the same starts and data."""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array

Generator = np.random.Generator
PURPOSES = ("start", "data", "decisions", "estimates")


def generator(seed: int, purpose: str) -> Generator:
    """One of the streams that belong to a seed."""
    return np.random.default_rng([seed, PURPOSES.index(purpose)])


def orthogonal(runs: int, size: int, rng: Generator) -> Array:
    """Orthogonal matrices, (runs, 1, size, size)."""
    return np.linalg.qr(rng.normal(size=(runs, 1, size, size)))[0]
