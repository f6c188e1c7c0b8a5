"""A TOML file as values that know where they stand, and that complain about the wrong type."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from derive.cellfile.positions import Place, Positions, positions
from derive.cellfile.source import Excerpt, Source, read, shown
from derive.errors import InputError

_LINE_AND_COLUMN = re.compile(r"(.*) \(at line (\d+), column (\d+)\)", re.DOTALL)
_LONGEST_TEXT = 300
_TOML = "texts stand in quotes, lists in [ ], one 'key = value' a line"


@dataclass(frozen=True)
class Document:
    source: Source
    data: Mapping[str, Any]
    positions: Positions

    def error(self, place: Place, what: str, mend: str) -> InputError:
        return self.source.error(self.positions.at(place), what, mend)

    def value(self, place: Place) -> Any:
        """What stands there, or None."""
        found: Any = self.data
        for part in place:
            inside = isinstance(found, dict) or (isinstance(found, list) and isinstance(part, int))
            found = (found.get(part) if isinstance(found, dict) else found[part]) if inside else None
        return found

    def table(self, place: Place, known: Iterable[str] | None = None) -> Mapping[str, Any]:
        """A table, empty when it is not there.  Raises InputError for a key that is not among the known ones."""
        found = self.value(place)
        if found is not None and not isinstance(found, dict):
            raise self.error(place, f"'{place[-1]}' is not a table", f"start it with [{place[-1]}]")
        keys = tuple(found or ()) if known is not None else ()
        for key in keys:
            if key not in (names := tuple(known or ())):
                what = f"there is no key '{shown(key)}' here"
                raise self.error((*place, key), what, suggestion(key, names, f"the keys are {', '.join(names)}"))
        return found or {}

    def line(self, place: Place, default: str | None = None) -> str:
        """A short text.  Raises InputError when it is missing (without a default), long, or not printable."""
        found = self.value(place)
        if found is None and default is not None:
            return default
        name = place[-1]
        if found is None:
            raise self.error(place, f"'{name}' is missing", f'write {name} = "…"')
        if not isinstance(found, str):
            raise self.error(place, f"'{name}' is not a text", f'write {name} = "…", in quotes')
        if not found.strip() or len(found) > _LONGEST_TEXT or not found.isprintable():
            what = f"'{name}' is empty, longer than {_LONGEST_TEXT} characters or not on one line: '{shown(found)}'"
            raise self.error(place, what, "give it a short printable text")
        return found

    def excerpt(self, place: Place) -> Excerpt:
        """A text in a language of its own.  Raises InputError for another type, and for escapes, which move columns."""
        found = self.value(place)
        if not isinstance(found, str):
            raise self.error(place, f"'{place[-1]}' is not a text", "put it in quotes")
        excerpt = self.positions.texts.get(place, Excerpt(self.source, self.positions.at(place), found))
        if excerpt.text != found:
            slash = excerpt.text.find("\\")
            raise excerpt.error(slash, "a backslash has no meaning here", "write the character itself")
        return excerpt


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    """The mend of a misspelt name."""
    close = get_close_matches(name, list(known), 1)
    return f"did you mean '{close[0]}'?" if close else otherwise


def load(path: Path) -> Document:
    """Raises InputError for what cannot be read or is not TOML."""
    source = read(path)
    found = positions(source)
    try:
        return Document(source, tomllib.loads(source.text), found)
    except tomllib.TOMLDecodeError as error:
        raise _translated(error, source) from None
    except ValueError:  # int() refuses thousands of digits
        longest = max(re.finditer(r"[0-9_]+", source.text), key=lambda match: len(match[0]))
        raise source.error(longest.start(), "this number is too long", "write fewer digits") from None
    except RecursionError:
        raise source.error(0, "its brackets nest too deep", "take some away") from None


def _translated(error: tomllib.TOMLDecodeError, source: Source) -> InputError:
    match = _LINE_AND_COLUMN.fullmatch(str(error))
    if match is None:
        reason = str(error).removesuffix(" (at end of document)")
        return source.error(len(source.text), f"the file is not TOML: {shown(reason)}", _TOML)
    reason, line, column = match.groups()
    lines = source.text.split("\n")
    offset = sum(len(text) + 1 for text in lines[: int(line) - 1]) + int(column) - 1
    return source.error(offset, f"the file is not TOML: {shown(reason)}", _TOML)
