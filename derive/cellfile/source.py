"""The text of a cell file: read with care, and able to say where in it something stands."""

from __future__ import annotations

import codecs
import stat
from dataclasses import dataclass
from pathlib import Path

from derive.errors import InputError

LIMIT = 100_000
"""Bytes.  The longest cell that is known has a hundredth of that."""


def shown(text: str, limit: int = 60) -> str:
    """Text from a file, on one line and not too long: what does not print is escaped."""
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text[: limit + 1])
    return safe if len(safe) <= limit else safe[: limit - 1] + "…"


@dataclass(frozen=True)
class Source:
    """A file's text, with line ends as ``\\n`` and without a byte-order mark."""

    path: Path
    text: str

    def position(self, offset: int) -> str:
        """Line and column, in characters, both counted from 1."""
        line_start = self.text.rfind("\n", 0, offset) + 1
        return f"line {self.text.count(chr(10), 0, offset) + 1}, column {offset - line_start + 1}"

    def error(self, offset: int, what: str, mend: str) -> InputError:
        return InputError(what, f"{shown(str(self.path), 500)}, {self.position(offset)}", mend)


@dataclass(frozen=True)
class Excerpt:
    """A piece of a source that is itself in some language (an equation, a shape)."""

    source: Source
    start: int
    text: str

    def part(self, start: int, end: int) -> Excerpt:
        return Excerpt(self.source, self.start + start, self.text[start:end])

    def error(self, place: int, what: str, mend: str) -> InputError:
        return self.source.error(self.start + place, what, mend)


def read(path: Path) -> Source:
    """The text of a regular UTF-8 file of at most LIMIT bytes.  Raises InputError."""
    data = _bytes(path).removeprefix(codecs.BOM_UTF8)
    try:
        return Source(path, _lines(data.decode("utf-8")))
    except UnicodeDecodeError as error:
        before = Source(path, _lines(data[: error.start].decode("utf-8")))
        what = f"byte {data[error.start]:#04x} is not UTF-8 text"
        raise before.error(len(before.text), what, "save the file as UTF-8") from None


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")


def _bytes(path: Path) -> bytes:
    where = shown(str(path), 500)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError("is a directory, expected a cell file", where, "name a file in it")
        if not stat.S_ISREG(status.st_mode):  # a pipe would block, /dev/zero would never end
            raise InputError("is a device or a pipe, expected a regular file", where, "save it to a file first")
        with path.open("rb") as file:
            data = file.read(LIMIT + 1)
    except FileNotFoundError:
        raise InputError("there is no such file", where, "check the name and the folder") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where, "check its name and its permissions") from None
    except ValueError as error:  # a name with a null character, and InputError itself
        raise (
            error if isinstance(error, InputError) else InputError("is no name of a file", where, "check it")
        ) from None
    if len(data) > LIMIT:
        raise _too_large(path, data[:LIMIT], status.st_size)
    return data


def _too_large(path: Path, head: bytes, size: int) -> InputError:
    """Says where in the file the limit is passed: in a long equation, or in a long list."""
    text = _lines(head.decode("utf-8", errors="replace"))
    what = f"the file goes on after {LIMIT} bytes ({size} in all)"
    return Source(path, text).error(len(text), what, "a cell is a handful of equations: shorten it")
