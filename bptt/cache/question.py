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
    """``key`` is the hash of all that the answer depends on, ``mark`` that of the files among it and of when they were
    written: a run in which one of them changed, and be it back again, is no answer to anything."""

    key: str
    mark: str

    def is_still(self, files: Sequence[Path]) -> bool:
        """Whether no file was written to since the question was asked."""
        try:
            return _files(files)[1] == self.mark
        except UnpinnedError:
            return False


def question(words: Mapping[str, object], files: Sequence[Path]) -> Question:
    """Of the words by name, the verb's own among them, and the files that they name.

    Raises UnpinnedError where anything cannot be pinned down.
    """
    on_disk, mark = _files(files)
    facts = {
        "format": FORMAT,
        "words": {name: _plain(value) for name, value in words.items()},
        **on_disk,
        "python": python(),
        "machine": machine(),
        "variables": variables(),
        "screen": screen(),
    }
    return Question(_hash(facts), mark)


def _files(files: Sequence[Path]) -> tuple[dict[str, object], str]:
    """What of the facts is on the disk, and the mark of it."""
    contents, written = digests([str(path) for path in files])
    program, installed = sources()
    facts: dict[str, object] = {"files": contents, "sources": program, "libraries": libraries()}
    return facts, _hash([facts, written, installed])


def _hash(facts: object) -> str:
    return sha256(json.dumps(facts, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _plain(value: object) -> object:
    """A word's value as data; a path and a string of the same letters are told apart."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Path):
        return {"path": str(value)}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in value]
    raise UnpinnedError(repr(value))
