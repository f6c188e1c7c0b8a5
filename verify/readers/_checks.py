"""What every reader does: get the bytes safely, speak on one line, let only finite numbers through."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from derive.errors import InputError

LIMIT = 2**30
"""Bytes.  A file (or an unpacked archive) larger than this is refused before it is read."""


@dataclass(frozen=True)
class Sequence:
    """``values`` is (T, m) or (T, B, m), finite float64; ``columns`` are the m names, or () without names.

    ``batch_first`` says that the file has (B, T, m).
    """

    values: np.ndarray
    columns: tuple[str, ...] = ()
    batch_first: bool = False

    @property
    def layout(self) -> str:
        """Which axis of the file was taken for what."""
        steps, *batch, features = self.values.shape
        sizes = {"T": steps, "batch": batch[0], "features": features} if batch else {"T": steps, "features": features}
        order = sorted(sizes, key=lambda axis: axis != "batch") if self.batch_first else list(sizes)
        return f"shape ({', '.join(str(sizes[axis]) for axis in order)}) read as ({', '.join(order)})"


def shown(text: str, limit: int = 60) -> str:
    """Text from a file, safe on one line: control characters and lone surrogates are escaped."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"


def where(path: Path, key: str = "") -> str:
    """The file, and the array in it."""
    return f"{shown(str(path), 500)}: {shown(key)}" if key else shown(str(path), 500)


def content(path: Path) -> bytes:
    """All bytes of a regular, non-empty file of at most LIMIT bytes.  Raises InputError."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise InputError("there is no such file", where(path), "check the name and the folder") from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be opened: {_reason(error)}", where(path), "check the name") from None
    if stat.S_ISDIR(status.st_mode):
        raise InputError("is a directory, expected a file", where(path), "name a file in it")
    if not stat.S_ISREG(status.st_mode):  # a pipe would block, /dev/zero would never end
        raise InputError("is a device or a pipe, expected a regular file", where(path), "save it to a file first")
    if status.st_size == 0:
        raise InputError("the file is empty (0 bytes)", where(path), "write it again")
    if status.st_size > LIMIT:
        raise too_large(path, status.st_size)
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {_reason(error)}", where(path), "check its permissions") from None


def too_large(path: Path, size: int) -> InputError:
    return InputError(f"has {size} bytes, expected at most {LIMIT}", where(path), "give a smaller model or sequence")


def _reason(error: OSError | ValueError) -> str:
    return shown(error.strerror or "") if isinstance(error, OSError) else shown(str(error))


def numbers(array: np.ndarray, path: Path, key: str = "") -> np.ndarray:
    """The array as finite float64.  Raises InputError: another kind, no entries, NaN or infinity (where)."""
    if array.dtype.kind not in "fiu":
        raise InputError(f"holds {array.dtype.name}, expected real numbers", where(path, key), "convert it to float64")
    if array.size == 0:
        raise InputError(f"has shape {array.shape}: no entries", where(path, key), "every size is at least 1")
    with np.errstate(all="ignore"):
        real = np.ascontiguousarray(array, dtype=np.float64).reshape(array.shape)
    finite = np.isfinite(real)
    if not finite.all():
        at = tuple(int(i) for i in np.argwhere(~finite)[0])
        raise InputError(
            f"entry {list(at)} (counted from 0) is {real[at]}, expected a finite number", where(path, key),
            f"repair this entry; {int((~finite).sum())} in all are not finite",
        )  # fmt: skip
    return real
