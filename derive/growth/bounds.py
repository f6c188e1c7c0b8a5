"""Beside the true norm of the chain: the product of the norms of its factors, and what its determinant must be."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce

import numpy as np
from scipy.linalg import eigh

from derive.arithmetic import Array
from derive.growth.chain import Chain
from derive.growth.factors import Diagonal, Factors, Value, times


def log_step_norms(chain: Chain, *, progress: Callable[[str], None] = lambda what: None) -> Array:
    """log ‖c_t‖₂ of every sequence at every step, (batch, T); −∞ where c_t is zero.

    ‖P(t, i)‖ is at most the exponential of their sum over i < j ≤ t, by submultiplicativity.
    """
    return _gathered(chain, _log_norms, "norms of the factors", progress)


def log_step_determinants(chain: Chain, *, progress: Callable[[str], None] = lambda what: None) -> Array:
    """log |det c_t|, (batch, T).  Their sum is that of all log singular values of P(T, 0), computed without any of
    them: what checks the whole spectrum at once."""
    return _gathered(chain, _log_determinants, "determinants of the factors", progress)


def _gathered(chain: Chain, of: Callable[[Factors], Array], what: str, progress: Callable[[str], None]) -> Array:
    found = np.empty((chain.batch, chain.steps))
    for window, factors in chain.windows():
        progress(f"{what}, step {window.first} of {chain.steps}")
        for sequence in range(chain.batch):
            found[sequence, window.first - 1 : window.last] = of(factors.of(sequence))
    return found


def _log_norms(factors: Factors) -> Array:
    """From the largest eigenvalue of c cᵀ, which gives the largest singular value to the accuracy of a float."""
    if all(isinstance(link, Diagonal) for link in factors.links):
        whole = reduce(times, factors.links)
        with np.errstate(divide="ignore"):
            return np.broadcast_to(np.log(np.abs(whole.column).max(axis=(-2, -1))), factors.steps)
    if all(_constant(link) for link in factors.links):
        return np.full(factors.steps, _log_norm(factors.dense()[0]))
    return np.array([_log_norm(matrix) for matrix in factors.dense()])


def _constant(link: Value) -> bool:
    return not isinstance(link, Diagonal) and link.ndim == 2


def _log_norm(matrix: Array) -> float:
    largest = float(np.abs(matrix).max())
    if largest == 0.0:
        return -np.inf
    scaled, last = matrix / largest, len(matrix) - 1
    (square,) = eigh(scaled @ scaled.T, eigvals_only=True, subset_by_index=[last, last], check_finite=False)
    return float(np.log(largest) + np.log(square) / 2)


def _log_determinants(factors: Factors) -> Array:
    """The sum over the links, since a determinant is multiplicative."""
    total = np.zeros(factors.steps)
    for link in factors.links:
        with np.errstate(divide="ignore"):
            if isinstance(link, Diagonal):
                total = total + np.log(np.abs(link.column)).sum(axis=(-2, -1))
            else:
                total = total + np.linalg.slogdet(link)[1]
    return total
