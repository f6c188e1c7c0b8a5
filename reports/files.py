"""Writing files so that a reader never sees half of one."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, data: bytes) -> None:
    """Write all or nothing: a temporary file in the same folder, then one rename. OSError propagates.

    A symbolic link keeps pointing to its file; a device or a pipe is refused, for a rename would replace it.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "is not a regular file", str(path))
    replace_atomically(path, data, _ordinary_mode())


def replace_atomically(path: Path, data: bytes, mode: int) -> None:
    """The same of whatever has that name, a link itself too.  ``mode``: the file's permissions."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(mode)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _ordinary_mode() -> int:
    """The permissions a plain `open` would have given; `mkstemp` is stricter."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
