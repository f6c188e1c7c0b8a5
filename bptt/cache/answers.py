"""A verb with a memory: what it printed and how it ended is given again where the question is the same, and said so."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bptt import screen
from bptt.cache.digests import UnpinnedError
from bptt.cache.entry import EXIT_CODES, Entry
from bptt.cache.folder import folder
from bptt.cache.question import Question, question
from bptt.cache.store import Store

_NO_WORDS = ("no_cache", "run", "reads")


def answer(arguments: argparse.Namespace) -> int:
    """Run a verb that has ``reads``, or print what it printed before; returns the exit code."""
    files = None if arguments.no_cache else arguments.reads(arguments)
    where = folder()
    words = {name: value for name, value in vars(arguments).items() if name not in _NO_WORDS}
    asked = _question(words, files) if files is not None and where is not None else None
    if asked is None or where is None:
        return int(arguments.run(arguments))
    store = Store(where)
    known = store.read(asked.key)
    if known is not None:
        screen.write(known.text)
        _say(known)
        return known.exit_code
    began = int(time.time())
    with screen.recorded() as printed:
        code = int(arguments.run(arguments))
    if code in EXIT_CODES and asked.is_still(files or ()):
        store.write(Entry(asked.key, began, code, "".join(printed)))
    return code


def _question(words: dict[str, Any], files: Sequence[Path] | None) -> Question | None:
    try:
        return question(words, files or ())
    except UnpinnedError:
        return None


def _say(known: Entry) -> None:
    """One line on stderr, so that nobody takes an old verdict for a new one, and output stays the same byte by byte."""
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(known.computed))
    line = f"bptt: as computed on {when} (--no-cache computes it again)"
    with suppress(OSError):
        sys.stderr.write(screen.dim(line) + "\n")
