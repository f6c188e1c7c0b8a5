"""The .npy format, from bytes: what the header claims is compared with the file before it is allocated.

``numpy.load`` allocates what is claimed, be it a terabyte.  Format:
https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
"""

from __future__ import annotations

import io
import math
import tokenize
import warnings
from pathlib import Path

import numpy as np
from numpy.lib import format as npy

from derive.errors import InputError
from verify.readers._checks import numbers, where

MEND = "write it again with numpy.save, from an array of float64"
# What NumPy's header reader raises on malformed headers, found by fuzzing.
MALFORMED = (
    ValueError, SyntaxError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError,
    MemoryError, RecursionError, tokenize.TokenError,
)  # fmt: skip
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def array_from(data: bytes, path: Path, key: str = "") -> np.ndarray:
    """The finite float64 array in the bytes of a .npy file.  Raises InputError; never unpickles."""
    shape, fortran, dtype, offset = _header(data, path, key)
    if dtype.hasobject:
        raise InputError("holds Python objects (a pickle), which are never loaded", where(path, key), MEND)
    if dtype.kind not in "fiu":
        raise InputError(f"holds {dtype.name}, expected real numbers", where(path, key), MEND)
    if min(shape, default=1) <= 0:
        raise InputError(f"has shape {shape}: no entries", where(path, key), "every size is at least 1")
    expected, found = math.prod(shape) * dtype.itemsize, len(data) - offset
    if expected != found:
        raise InputError(
            f"shape {shape} of {dtype.name} takes {expected} bytes, found {found}: truncated or corrupt",
            where(path, key), MEND,
        )  # fmt: skip
    if len(shape) > 32:
        raise InputError(f"has {len(shape)} axes, expected at most 32", where(path, key), MEND)
    flat = np.frombuffer(data, dtype=dtype, offset=offset)
    return numbers(flat.reshape(shape, order="F" if fortran else "C"), path, key)


def _header(data: bytes, path: Path, key: str) -> tuple[tuple[int, ...], bool, np.dtype, int]:
    """Shape, Fortran order, dtype, and where the numbers begin."""
    stream = io.BytesIO(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            version = npy.read_magic(stream)
            shape, fortran, dtype = HEADERS[version](stream)
    except MALFORMED:
        raise InputError("is not a .npy array, or its header is corrupt", where(path, key), MEND) from None
    return shape, fortran, dtype, stream.tell()
