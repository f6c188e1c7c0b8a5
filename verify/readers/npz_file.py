"""Weights as a NumPy archive: a zip of .npy files, one a parameter."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from pathlib import Path

import numpy as np

from derive.errors import InputError
from verify.readers._checks import LIMIT, content, shown, too_large, where
from verify.readers._npy_bytes import array_from

SUFFIX = ".npz"
TITLE = "NumPy archive: named weights"
KIND = "weights"
MEND = "write it again with numpy.savez(path, **weights)"
# What zipfile raises on corrupt, encrypted or exotic archives, found by fuzzing.
CORRUPT = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, RuntimeError, LookupError,
    NotImplementedError, MemoryError, OverflowError,
)  # fmt: skip


def read(path: Path) -> dict[str, np.ndarray]:
    """The arrays by name.  Raises InputError."""
    members = _members(content(path), path)
    if not members:
        raise InputError("the archive has no arrays", where(path), MEND)
    return {name: array_from(data, path, name) for name, data in members.items()}


def _members(data: bytes, path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check(entries, path)
            # ZipFile reads no more than the declared size, whose sum was checked: a zip bomb stays small.
            return {entry.filename.removesuffix(".npy"): archive.read(entry) for entry in entries}
    except InputError:
        raise
    except CORRUPT:
        raise InputError("is not a .npz archive, or is truncated or corrupt", where(path), MEND) from None


def _check(entries: list[zipfile.ZipInfo], path: Path) -> None:
    """Every entry is a .npy, stands once, and all together fit in memory."""
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LIMIT:
        raise too_large(path, unpacked)
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename
        if not name.endswith(".npy"):
            raise InputError(f"holds '{shown(name)}', expected .npy arrays only", where(path), MEND)
        if name in seen:
            raise InputError(f"holds '{shown(name)}' twice", where(path), MEND)
        seen.add(name)
