"""The folder of answers: a file each, named by its key; bounded in size; any number of processes at once.

A file appears whole, by one rename, and is never changed, so that readers and writers need no lock.  Two that write the
same answer write the same bytes but for the date.  Nothing that fails here fails a command: OSErrors are swallowed.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bptt.cache.entry import Entry, decoded, encoded

LARGEST = 1 << 23
"""Bytes of one answer that are kept."""
MOST = 1 << 26
"""Bytes of all answers together."""
_OURS = re.compile(r"[0-9a-f]{64}\.json|\.[0-9a-f]{64}\.json\..+")
_ABANDONED = 3600.0
"""Seconds after which a half-written file belongs to a process that was killed."""


@dataclass(frozen=True)
class Store:
    """Answers in ``folder``, which need not be there yet, of at most ``most`` bytes."""

    folder: Path
    most: int = MOST

    def read(self, key: str) -> Entry | None:
        """The answer with that key, and note that it was of use; None where there is none, or none to be trusted."""
        path = self.folder / f"{key}.json"
        with suppress(OSError):
            data = _own(path)
            entry = decoded(data, key) if data is not None else None
            if entry is not None:
                with suppress(OSError):
                    os.utime(path)
                return entry
        return None

    def write(self, entry: Entry) -> None:
        """Keep an answer, and drop those that were of no use for longest where there is no room for it."""
        from reports.files import replace_atomically

        data = encoded(entry)
        if len(data) > min(LARGEST, self.most):
            return
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_atomically(self.folder / f"{entry.key}.json", data, 0o600)
            self._make_room()

    def files(self) -> list[tuple[Path, os.stat_result]]:
        """What of the folder is ours, half-written files too."""
        return list(self._files())

    def clear(self) -> int:
        """Remove every answer, and nothing else; returns how many files there were."""
        return sum(self._remove(path) for path, _ in self._files())

    def _files(self) -> Iterator[tuple[Path, os.stat_result]]:
        with suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                if _OURS.fullmatch(entry.name):
                    with suppress(OSError):  # another process has removed it
                        yield Path(entry.path), entry.stat(follow_symlinks=False)

    def _make_room(self) -> None:
        """Remove the oldest until the rest fits."""
        found = sorted(self._files(), key=lambda file: file[1].st_mtime_ns)
        size = sum(status.st_size for _, status in found)
        for path, status in found:
            abandoned = time.time() - status.st_mtime > _ABANDONED
            if abandoned if path.name.startswith(".") else size > self.most:
                self._remove(path)
                size -= status.st_size

    def _remove(self, path: Path) -> bool:
        try:
            path.unlink()
        except OSError:
            return False
        return True


def _own(path: Path) -> bytes | None:
    """The contents of a regular file that nobody but us can have written; None for any other.  OSError propagates."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        theirs = status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if theirs or not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            return None
        return file.read(LARGEST + 1)
