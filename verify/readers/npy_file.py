"""A sequence as one NumPy array: (T,), (T, m) or (T, B, m)."""

from __future__ import annotations

from pathlib import Path

from derive.errors import InputError
from verify.readers._checks import Sequence, content, where
from verify.readers._npy_bytes import array_from

SUFFIX = ".npy"
TITLE = "NumPy array: a sequence (T, m), (T, batch, m) or (batch, T, m)"
KIND = "sequence"


def read(path: Path) -> Sequence:
    """The sequence; (T,) is read as (T, 1).  Raises InputError."""
    values = array_from(content(path), path)
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim not in (2, 3):
        raise InputError(
            f"has shape {values.shape}, expected (T, m) or (T, batch, m)", where(path), "reshape the array"
        )
    return Sequence(values)
