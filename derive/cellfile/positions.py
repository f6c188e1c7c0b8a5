"""Where the keys and the texts of a TOML file stand: ``tomllib`` gives values without positions.

Valid TOML is scanned whole; in what is not, the scan stops and leaves the complaint to ``tomllib``.  Two dangers are
refused here, because ``tomllib`` would meet them with a deep recursion or in quadratic time: nests and long keys.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from derive.cellfile.source import Excerpt, Source, shown

Place = tuple[str | int, ...]
"""The way to a value: ("parameters", "W_f", 0)."""

_DEEPEST = 8
_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:\\.|[^"\\\n])*"|'[^'\n]*'""")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:\\.|[^"\\\n])*"' r"|'[^'\n]*'",
    re.DOTALL,
)
_WORD = re.compile(r"[^\s\"'#\[\]{},=]+")


@dataclass
class Positions:
    """``keys`` and ``values`` are offsets; ``texts`` are the strings as they are spelt, without their quotes."""

    source: Source
    keys: dict[Place, int] = field(default_factory=dict)
    values: dict[Place, int] = field(default_factory=dict)
    texts: dict[Place, Excerpt] = field(default_factory=dict)

    def at(self, place: Place) -> int:
        """Where a key (or an entry of a list) stands, or else the nearest thing around it."""
        while place and place not in self.keys:
            place = place[:-1]
        return self.keys.get(place, 0)


def positions(source: Source) -> Positions:
    """Raises InputError for a name that is set twice, a nest or a key of too many parts."""
    scan = _Scan(source)
    with suppress(_NoTomlError):
        scan.document()
    return scan.found


class _NoTomlError(Exception):
    pass


class _Scan:
    def __init__(self, source: Source) -> None:
        self.source, self.text, self.at = source, source.text, 0
        self.found = Positions(source)
        self.taken: set[Place] = set()
        self.counts: Counter[Place] = Counter()

    def document(self) -> None:
        table: Place = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            table = self.header() if self.here("[") else self.assignment(table)
            self.skip(_BLANK)

    def header(self) -> Place:
        """``[table]`` or ``[[list of tables]]``; the place of what follows."""
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        self.skip(_SPACE)
        start, place = self.at, self.key(())
        if brackets == 2:
            place = (*place, self.counts[place])
            self.counts[place[:-1]] += 1
        self.take(place, start)
        self.take_one("]" * brackets)
        return place

    def assignment(self, table: Place, depth: int = 0) -> Place:
        """``key = value``."""
        start, place = self.at, self.key(table)
        self.take(place, start)
        self.take_one("=")
        self.value(place, depth)
        return table

    def value(self, place: Place, depth: int) -> None:
        self.skip(_SPACE)
        if depth > _DEEPEST:
            raise self.source.error(
                self.at, f"brackets nest more than {_DEEPEST} deep", "a cell needs two: take some away"
            )
        self.found.values[place] = self.at
        if self.here("["):
            self.items(place, depth)
        elif self.here("{"):
            self.inline_table(place, depth)
        elif self.here('"') or self.here("'"):
            self.string(place)
        elif not self.skip(_WORD):
            raise _NoTomlError

    def items(self, place: Place, depth: int) -> None:
        self.at, count = self.at + 1, 0
        self.skip(_BLANK)
        while not self.here("]"):
            self.found.keys[(*place, count)] = self.at
            self.value((*place, count), depth + 1)
            self.skip(_BLANK)
            count += 1
            if not self.here("]"):
                self.take_one(",")
                self.skip(_BLANK)
        self.at += 1

    def inline_table(self, place: Place, depth: int) -> None:
        self.at += 1
        self.skip(_BLANK)
        while not self.here("}"):
            self.assignment(place, depth + 1)
            self.skip(_BLANK)
            if not self.here("}"):
                self.take_one(",")
                self.skip(_BLANK)
        self.at += 1

    def string(self, place: Place) -> None:
        match = _STRING.match(self.text, self.at)
        if match is None:
            raise _NoTomlError
        quotes = 3 if match[0].startswith(('"""', "'''")) and len(match[0]) >= 6 else 1
        start, self.at = self.at + quotes, match.end()
        if quotes == 3 and self.text.startswith("\n", start):
            start += 1  # TOML drops a line end right after the opening quotes
        self.found.texts[place] = Excerpt(self.source, start, self.text[start : self.at - quotes])

    def key(self, table: Place) -> Place:
        parts: list[str] = []
        start = self.at
        while True:
            match = _KEY.match(self.text, self.at)
            if match is None:
                raise _NoTomlError
            parts.append(match[0].strip("\"'"))
            self.at = match.end()
            self.skip(_SPACE)
            if not self.here("."):
                return (*table, *parts)
            if len(parts) > _DEEPEST:
                key = shown(self.text[start : self.at], 20)
                raise self.source.error(start, f"the key '{key}' has too many parts", "a key has one part or two")
            self.at += 1
            self.skip(_SPACE)

    def take(self, place: Place, start: int) -> None:
        """Keep where a key stands, and where the tables around it first appear."""
        if place in self.taken:
            name, first = place[-1], self.source.position(self.found.keys[place])
            raise self.source.error(
                start, f"two things have the name '{shown(str(name))}', the first in {first}", "rename or drop one"
            )
        self.taken.add(place)
        self.found.keys[place] = start
        for end in range(1, len(place)):
            self.found.keys.setdefault(place[:end], start)

    def here(self, sign: str) -> bool:
        return self.text.startswith(sign, self.at)

    def skip(self, pattern: re.Pattern[str]) -> bool:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return match is not None

    def take_one(self, sign: str) -> None:
        self.skip(_SPACE)
        if not self.here(sign):
            raise _NoTomlError
        self.at += len(sign)
