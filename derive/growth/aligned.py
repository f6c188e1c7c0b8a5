"""A chain of diagonal matrices alone (one unit never reads another): its singular values are products of entries.

A frame in general position would turn towards whatever dominates for a while, and lose, beside the rounding of that,
how far another entry has fallen; along the axes nothing is lost, whatever the order in which the entries fall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from derive.arithmetic import Array
from derive.growth.chain import Chain
from derive.growth.factors import Diagonal, Factors, times


@dataclass(frozen=True)
class Aligned:
    """Of one sequence: Σ log|entry| of the whole chain and of every lag, by the entries of the state; and the signs of
    the products."""

    log: Array
    by_lag: dict[int, Array]
    signs: Array


def is_aligned(chain: Chain) -> bool:
    """Whether every factor is a diagonal matrix, and says so."""
    _, found = next(iter(chain.windows()))
    return all(isinstance(link, Diagonal) for link in found.links)


def aligned(chain: Chain, lags: Sequence[int] = ()) -> list[Aligned]:
    """One a sequence; from the last step back."""
    totals, signs = np.zeros((chain.batch, chain.size)), np.ones((chain.batch, chain.size))
    by_lag: list[dict[int, Array]] = [{} for _ in range(chain.batch)]
    for window, found in chain.windows(backward=True):
        for sequence in range(chain.batch):
            entries = _entries(found.of(sequence), chain.size)
            with np.errstate(divide="ignore"):
                sums = totals[sequence] + np.cumsum(np.log(np.abs(entries[::-1])), axis=0)
            longest = chain.steps - window.first + 1
            here = [lag for lag in lags if longest - found.steps < lag <= longest]
            by_lag[sequence] |= {lag: sums[lag - (longest - found.steps) - 1] for lag in here}
            totals[sequence], signs[sequence] = sums[-1], signs[sequence] * np.prod(np.sign(entries), axis=0)
    return [Aligned(*own) for own in zip(totals, by_lag, signs, strict=True)]


def _entries(found: Factors, size: int) -> Array:
    """(steps, n)."""
    whole = reduce(times, found.links)
    assert isinstance(whole, Diagonal)
    return np.broadcast_to(whole.column[..., 0], (found.steps, size))
