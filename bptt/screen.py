"""What reaches the terminal: whole and in one go, or a complaint on one line.

Text is gathered before it is written, so that a reader who leaves (``| head -1``) or a full disk is met in one place.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console


def prepare() -> None:
    """Streams that take any text.

    Closed ones lead nowhere.  What the encoding of a terminal lacks is written as an escape; a file or a pipe gets
    UTF-8, or LaTeX and JSON would be broken by such an escape.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115  (lives as long as the process)
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace", encoding=stream.encoding if stream.isatty() else "utf-8")


_records: list[list[str]] = []


@contextmanager
def recorded() -> Iterator[list[str]]:
    """Gathers what is printed meanwhile, besides that it is printed."""
    printed: list[str] = []
    _records.append(printed)
    try:
        yield printed
    finally:
        _records.remove(printed)


def write(text: str) -> None:
    """Print text as it is.  A reader that has gone is no error; raises InputError when it cannot be written."""
    for printed in _records:
        printed.append(text)
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    except OSError as error:
        from derive.errors import InputError

        _silence()
        raise InputError(f"{error.strerror}", "standard output", "make room, or write elsewhere") from error


@contextmanager
def console() -> Iterator[Console]:
    """A Rich console for standard output; what it is given is printed at the end, without blanks at line ends."""
    from rich.console import Console

    gathered = StringIO()
    yield Console(file=gathered, force_terminal=True if sys.stdout.isatty() else None)
    write("".join(f"{line.rstrip()}\n" for line in gathered.getvalue().splitlines()))


def one_line(message: str) -> str:
    """A message that stays on its line, whatever the names in it: control characters are escaped."""
    words = " ".join(message.split())
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in words)


def dim(line: str) -> str:
    """A remark for stderr: faint where that is a terminal that can."""
    plain = not sys.stderr.isatty() or os.environ.get("NO_COLOR") or os.environ.get("TERM") in (None, "dumb")
    return line if plain else f"\x1b[2m{line}\x1b[0m"


def _silence() -> None:
    """Let what is left in the buffer go nowhere, or Python complains about it at exit."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
