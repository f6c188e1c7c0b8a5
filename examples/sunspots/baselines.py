"""What any forecast of the next year has to be compared with."""

from __future__ import annotations

from pathlib import Path

import numpy as np


def yearly(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """The years and their sunspot numbers."""
    table = np.loadtxt(path, delimiter=",", skiprows=1)
    return table[:, 0].astype(int), table[:, 1]


def persistence(numbers: np.ndarray) -> np.ndarray:
    """Next year is as this year; NaN for the first."""
    return np.concatenate([[np.nan], numbers[:-1]])


def autoregression(numbers: np.ndarray, seen: int, order: int) -> np.ndarray:
    """AR(order) with a constant, by least squares on the first ``seen`` years; NaN where no past is."""
    past = np.lib.stride_tricks.sliding_window_view(numbers[:-1], order)
    rows = np.column_stack([np.ones(len(past)), past])
    coefficients, *_ = np.linalg.lstsq(rows[: seen - order], numbers[order:seen], rcond=None)
    return np.concatenate([np.full(order, np.nan), rows @ coefficients])


def root_mean_square(errors: np.ndarray) -> float:
    return float(np.sqrt(np.mean(errors**2)))
