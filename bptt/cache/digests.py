"""The contents of files, as a hash; and a mark that changes whenever a file is written to, even back to what it was."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from hashlib import sha256

LARGEST = 1 << 28
"""Bytes of a file that is read for its hash: an answer about a larger one is not kept."""


class UnpinnedError(Exception):
    """There is something about a question that cannot be pinned down, so its answer is not kept."""


def digests(paths: Iterable[str]) -> tuple[str, str]:
    """Of all contents with their names, in order; and of what the file system says about them.

    Sizes and times alone would not do as a key: package managers unpack files with the times of their archive.
    Raises UnpinnedError for what is no regular file, since reading a pipe would empty it, or cannot be read.
    """
    contents, marks = sha256(), sha256()
    for path in paths:
        status, data = _read(path)
        contents.update(f"{os.fsencode(path)!r} {len(data)}\n".encode())
        contents.update(data)
        found = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
        marks.update(repr(found).encode())
    return contents.hexdigest(), marks.hexdigest()


def _read(path: str) -> tuple[os.stat_result, bytes]:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise UnpinnedError(path)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
                raise UnpinnedError(path)
            with open(descriptor, "rb", closefd=False, buffering=0) as file:
                return status, file.readall()
        finally:
            os.close(descriptor)
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        raise UnpinnedError(path) from error


def files_below(folder: str) -> Iterator[str]:
    """All files in a folder and in those inside it, in a fixed order, without compiled ones.  OSError propagates."""
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if entry.name == "__pycache__":
            continue
        if entry.is_dir():
            yield from files_below(entry.path)
        else:
            yield entry.path
