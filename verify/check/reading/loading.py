"""From a file or from bytes to a text: UTF-8 with or without a byte-order mark, and within sane limits."""

from __future__ import annotations

import codecs
import stat
from pathlib import Path

from derive.cellfile.source import shown
from derive.errors import InputError
from verify.check.reading.text import Text

LARGEST = 4_000_000
"""Bytes of a file.  A long thesis has half of that."""
LONGEST_LINE = 1_000_000
"""Characters between two line ends."""


def load(path: Path) -> Text:
    """Raises InputError for what is no regular file, cannot be opened, or is no text."""
    name = shown(str(path), 500)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError("is a directory, expected a derivation", name, "name a file in it")
        if not stat.S_ISREG(status.st_mode):  # a pipe would block, /dev/zero would never end
            raise InputError("is a device or a pipe, expected a regular file", name, "save it to a file first")
        with path.open("rb") as file:
            return decoded(file.read(LARGEST + 1), name)
    except InputError:
        raise
    except FileNotFoundError:
        raise InputError("there is no such file", name, "check the name and the folder") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", name, "check its name and its permissions") from None
    except ValueError:  # a name with a null character
        raise InputError("is no name of a file", name, "check it") from None


def decoded(data: bytes, name: str = "") -> Text:
    """The text in some bytes.  Raises InputError."""
    data = data.removeprefix(codecs.BOM_UTF8)
    _refuse_large(len(data), name)
    try:
        return checked(data.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        before = Text(_lines(data[: error.start].decode("utf-8")), name)
        what = f"byte {data[error.start]:#04x} is not UTF-8 text"
        raise before.error(len(before.content), what, "save the file as UTF-8") from None


def checked(content: str, name: str = "") -> Text:
    """A text that is already a string.  Raises InputError for null characters, a long line, or too much of it."""
    _refuse_large(len(content), name)
    text = Text(_lines(content.removeprefix("\ufeff")), name)
    null = text.content.find("\0")
    if null >= 0:
        raise text.error(null, "a null character stands here", "this is no text file: save the derivation as text")
    start = 0
    while start < len(text.content):
        end = text.content.find("\n", start)
        end = len(text.content) if end < 0 else end
        if end - start > LONGEST_LINE:
            what = f"a line of {end - start} characters, at most {LONGEST_LINE} are read"
            raise text.error(start, what, "break it into lines")
        start = end + 1
    return text


def _refuse_large(size: int, name: str) -> None:
    if size > LARGEST:
        raise InputError(f"is larger than {LARGEST} bytes", name, "cut out the derivation")


def _lines(content: str) -> str:
    return content.replace("\r\n", "\n").replace("\r", "\n")
