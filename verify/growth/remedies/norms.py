"""Norms and rates that neither over- nor underflow."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np

from derive.arithmetic import Array
from derive.growth.chain import Chain
from derive.growth.norms import log_norms
from verify.growth.remedies.remedy import Number


def log10_norms(chain: Chain, lags: Sequence[int]) -> tuple[float, ...]:
    """log₁₀ ‖c_T ⋯ c_{T−lag+1}‖₂ of the chain's first sequence."""
    return tuple(float(log) / math.log(10) for log in log_norms(chain, lags))


def rate(lags: Sequence[int], logs: Sequence[Number]) -> Number:
    """The slope of log₁₀ ‖P(T, T−lag)‖₂ against the lag, by least squares: the growth in decades a step.

    −∞ where the chain is zero at some lag, None where a number is missing.  A single lag is compared with lag 0.
    """
    known = [number for number in logs if number is not None]
    if len(known) < len(logs) or not known:
        return None
    if -math.inf in known:
        return -math.inf
    if len(known) == 1:
        return known[0] / lags[0]
    x, y = np.array(lags, dtype=float), np.array(known)
    x, y = x - x.mean(), y - y.mean()
    return float(x @ y / (x @ x))


def size(arrays: Iterable[Array]) -> float:
    """The Euclidean norm of all entries of all arrays together; it is small or large only where they are.

    The largest entry is taken out first: squares of 10⁻²⁰⁰ are zero.
    """
    flat = np.concatenate([np.ravel(array) for array in arrays])
    if not flat.size:
        return 0.0
    largest = float(np.abs(flat).max())
    if largest == 0.0 or not math.isfinite(largest):
        return largest
    return largest * float(np.linalg.norm(flat / largest))


def known(number: float) -> Number:
    """None for what is not a number or too large for one."""
    return number if math.isfinite(number) or number == -math.inf else None
