"""What an answer depends on, the whole of it, as one hash.

Two commands have one key only if the verb, what its words mean, the contents of the files they name, our own sources,
the libraries, Python, the machine, the variables and the screen are all the same.  No word is left out because it does
not seem to matter; so nothing has to be known about a verb, and no model is built to find its answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bptt.cache.digests import UnpinnedError, digests
from bptt.cache.machine import machine, python, screen, variables
from bptt.cache.program import libraries, sources

FORMAT = 1
"""To be counted up when entries are written in another way."""


@dataclass(frozen=True)
class Question:
    """``key`` is what the answer depends on.  ``mark`` besides changes when a file was written to in the meantime:
    an answer is only of a question that is the same, mark and all, before and after it was computed."""

    key: str
    mark: str


def question(words: Mapping[str, object], files: Sequence[Path]) -> Question:
    """Of the words by name, the verb's own among them, and the files that they name.

    Raises UnpinnedError where anything cannot be pinned down.
    """
    contents, mark_of_files = digests([str(path) for path in files])
    program, mark_of_program = sources()
    facts = {
        "format": FORMAT,
        "words": {name: _plain(value) for name, value in words.items()},
        "files": contents,
        "sources": program,
        "libraries": libraries(),
        "python": python(),
        "machine": machine(),
        "variables": variables(),
        "screen": screen(),
    }
    told = json.dumps(facts, sort_keys=True, ensure_ascii=True)
    return Question(sha256(told.encode()).hexdigest(), f"{mark_of_files} {mark_of_program}")


def _plain(value: object) -> object:
    """A word's value as data; a path and a string of the same letters are told apart."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Path):
        return {"path": str(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    raise UnpinnedError(repr(value))
