"""The norm of the chain alone, at any lags: cheaper than all singular values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from derive.arithmetic import Array
from derive.growth.chain import Chain
from derive.growth.factors import Diagonal, Value


def log_norms(chain: Chain, lags: Sequence[int], *, sequence: int = 0) -> Array:
    """log ‖c_T ⋯ c_{T−lag+1}‖₂ in nats, (lags,); −∞ where the product is zero.

    The product grows to the left in time and is rescaled at every step; only the logarithm of its size is kept.  Its
    smaller singular values drown in rounding, the largest one does not; all of them are ``spectra``'s business.
    """
    wanted = set(lags)
    found: dict[int, float] = {}
    product, log = np.eye(chain.size), 0.0
    for lag, (_, links) in enumerate(chain.links(sequence=sequence, backward=True), start=1):
        product = _times(product, links)
        size = float(np.abs(product).max())
        if size == 0.0:
            break
        product, log = product / size, log + math.log(size)
        if lag in wanted:
            found[lag] = log + math.log(float(np.linalg.norm(product, 2)))
        if len(found) == len(wanted):
            break
    return np.array([found.get(lag, -np.inf) for lag in lags])


def _times(product: Array, links: Sequence[Value]) -> Array:
    for link in links:
        product = product * link.column[:, 0] if isinstance(link, Diagonal) else product @ link
    return product
