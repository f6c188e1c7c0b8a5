"""The journal of a sweep: every finished point is a line in it before anything else is done with it.

JSON lines.  The first is a header, which says what is swept, of what model, by what versions; every other one is a
point: ``{"key": …, "values": {…}}``, with a ``"reason"`` where it could not be measured.  A line is one ``write`` to a
descriptor that appends, and the lines that come in together are synced to the disk together.  So a run that is killed,
at whatever moment, leaves whole lines and at most one torn one at the end, which the next run cuts off before it goes
on.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bptt.sweeps.encoding import decoded, encoded
from bptt.sweeps.header import Header
from bptt.sweeps.task import Outcome
from derive.errors import InputError

_ELSE = "name another -o file, or give --restart to start this one again"


class Journal:
    """An open and locked journal; ``outcomes`` has what was finished before, by the point's key."""

    def __init__(self, path: Path, descriptor: int, outcomes: dict[str, Outcome], size: int) -> None:
        self.path, self.outcomes = path, outcomes
        self._descriptor, self._size = descriptor, size

    def append(self, outcomes: Iterable[Outcome]) -> None:
        """Write down what has been finished, each key once.  Raises OSError, and leaves whole lines, on a full disk."""
        for outcome in outcomes:
            if outcome.final and outcome.key not in self.outcomes:
                self.write(line(outcome))
                self.outcomes[outcome.key] = outcome
        os.fsync(self._descriptor)

    def write(self, data: bytes) -> None:
        """One line, or nothing."""
        written = os.write(self._descriptor, data)
        if written != len(data):
            os.ftruncate(self._descriptor, self._size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
        self._size += written


def line(outcome: Outcome) -> bytes:
    """An outcome as a line of the journal."""
    found: dict[str, Any] = {"key": outcome.key, "values": {n: encoded(v) for n, v in outcome.values.items()}}
    if outcome.reason:
        found["reason"] = outcome.reason
    return (json.dumps(found, allow_nan=False) + "\n").encode("ascii")


@contextmanager
def journal(path: Path, header: Header, *, restart: bool = False) -> Iterator[Journal]:
    """The journal of a sweep, made or taken up again.

    Raises InputError when another run holds it, when it is of another sweep (unless ``restart``, which empties it),
    when it is damaged, and for a file that is no journal (whatever is asked).
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o666)
    try:
        _lock(descriptor, path)
        yield _taken_up(descriptor, path, header, restart)
    finally:
        os.close(descriptor)  # which gives the lock up, too


def _lock(descriptor: int, path: Path) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise InputError("is not a regular file, so it cannot be the journal", str(path), "name another -o file")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        mend = "wait until it has ended, or name another -o file"
        raise InputError("another run is writing this journal", str(path), mend) from None


def _taken_up(descriptor: int, path: Path, header: Header, restart: bool) -> Journal:
    with open(descriptor, "rb", closefd=False) as file:
        first = file.readline()
        if not header.is_torn(first):
            if not header.is_ours(first):
                raise InputError("is no journal of a sweep", str(path), "move it away, or name another -o file")
            if not restart:
                different = header.difference(first)
                if different:
                    raise InputError(f"belongs to another sweep: {different}", str(path), _ELSE)
                outcomes, size = _read(file, len(first), path)
                os.ftruncate(descriptor, size)
                return Journal(path, descriptor, outcomes, size)
    return _begun(descriptor, path, header)


def _begun(descriptor: int, path: Path, header: Header) -> Journal:
    os.ftruncate(descriptor, 0)
    fresh = Journal(path, descriptor, {}, 0)
    fresh.write(header.line)
    os.fsync(descriptor)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # a file whose name is not on the disk is not there after a crash
    finally:
        os.close(folder)
    return fresh


def _read(file: Iterable[bytes], size: int, path: Path) -> tuple[dict[str, Outcome], int]:
    """The outcomes, and the size of the whole lines that hold them."""
    outcomes: dict[str, Outcome] = {}
    torn = 0
    for number, data in enumerate(file, start=2):
        if torn:
            mend = f"delete the journal from line {torn} on, or {_ELSE}"
            raise InputError("the line is damaged, and others follow it", f"{path}, line {torn}", mend)
        outcome = _outcome(data)
        if outcome is None:
            torn = number
            continue
        outcomes.setdefault(outcome.key, outcome)
        size += len(data)
    return outcomes, size


def _outcome(data: bytes) -> Outcome | None:
    """What a line says; None for one that is not whole."""
    try:
        found = json.loads(data)
        if not data.endswith(b"\n") or not isinstance(found, Mapping):
            return None
        key, reason = found["key"], found.get("reason", "")
        values = {str(name): decoded(value) for name, value in found["values"].items()}
    except (ValueError, KeyError, AttributeError):
        return None
    return Outcome(key, values, reason) if isinstance(key, str) and isinstance(reason, str) else None
