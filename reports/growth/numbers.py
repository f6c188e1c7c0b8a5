"""What is said of several sequences at once: means, spreads and quantiles of logarithms, −∞ among them."""

from __future__ import annotations

import numpy as np

from derive.arithmetic import Array
from derive.growth.study import Study

DECADES = float(1 / np.log(10))
"""From natural logarithms to decimal ones."""
_QUARTILES = (0.25, 0.5, 0.75)
_MOST_POINTS = 200


def averaged(rows: Array) -> tuple[Array, Array]:
    """Mean and standard deviation over the sequences (axis 0) of logarithms; −∞ and NaN where one of them is −∞."""
    with np.errstate(invalid="ignore"):
        mean = rows.mean(axis=0)
        deviation = np.sqrt(np.mean((rows - mean) ** 2, axis=0))
    return mean, np.where(np.isfinite(mean), deviation, np.nan)


def looseness(study: Study) -> dict[str, float]:
    """How far each bound is above the true norm at the longest lag, in nats a step, averaged over the sequences."""
    true = study.log_norms[:, -1]
    bounds = {"product_of_norms": study.log_products[:, -1]}
    if study.log_weights is not None:
        bounds["weights"] = np.full(len(true), study.log_weights[-1])
    with np.errstate(invalid="ignore"):
        return {name: float(np.mean(bound - true)) / study.lags[-1] for name, bound in bounds.items()}


def memory_by_lag(study: Study) -> tuple[Array, dict[str, Array]]:
    """Up to 200 lags, and over all followed losses the quartiles of log ‖term of that lag‖, of every parameter of the
    recurrence together (``lower``, ``median``, ``upper``), and the median of what arrives at the state (``adjoint``).
    """
    whole = _together([own.log_whole for own in study.memories])
    adjoint = _together([own.log_adjoint for own in study.memories])
    lags = np.unique(np.rint(np.geomspace(1, whole.shape[1], _MOST_POINTS)).astype(int)) - 1
    lower, median, upper = (quantile(whole[:, lags], q) for q in _QUARTILES)
    return lags, {"lower": lower, "median": median, "upper": upper, "adjoint": quantile(adjoint[:, lags], 0.5)}


def _together(rows: list[Array]) -> Array:
    width = max(row.shape[1] for row in rows)
    return np.vstack([np.pad(row, ((0, 0), (0, width - row.shape[1])), constant_values=np.nan) for row in rows])


def middle(values: Array) -> int:
    """The median of whole numbers, the lower of two in the middle, so that it is one of them."""
    return int(np.sort(values)[(len(values) - 1) // 2])


def quantile(rows: Array, q: float) -> Array:
    """Of each column (axis 0), NaN left out, by the lower of two neighbours, since one of them may be −∞."""
    found = np.full(rows.shape[1], np.nan)
    for place, column in enumerate(rows.T):
        known = np.sort(column[~np.isnan(column)])
        if len(known):
            found[place] = known[int(q * (len(known) - 1))]
    return found
