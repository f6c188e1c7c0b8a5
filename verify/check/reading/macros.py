r"""Macros that a file defines itself: \newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}.  Text for text, no more.

TeX's programming is not there: no conditions, no delimited arguments, no definitions inside definitions.  What a
macro brings has the place of its call, so that whatever is said of it is said of what the author wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from verify.check.reading.signs import ARGUMENTS, NOTED

DEEPEST = 20
LONGEST = 4_000
"""Characters that the macros of one line may bring: far more than any honest one."""
ALTOGETHER = 120_000
"""The same of a file."""
_MOST = 500
_DEFINITION = re.compile(
    r"(?P<comment>(?<!\\)%[^\n]*)"
    r"|\\(?P<how>(?:re)?newcommand|providecommand|DeclareMathOperator)\*?\s*"
    r"(?:\{\s*\\(?P<braced>[A-Za-z]+)\s*\}|\\(?P<bare>[A-Za-z]+))\s*"
    r"(?:\[(?P<count>[0-9])\])?\s*(?:\[(?P<default>[^\[\]]{0,200})\])?\s*(?=\{)"
    r"|\\def\s*\\(?P<defined>[A-Za-z]+)\s*(?P<parameters>(?:#[1-9]){0,9})\s*(?=\{)"
)
_PARAMETER = re.compile(r"#([1-9])")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)


@dataclass(frozen=True)
class Macro:
    """``default`` is what its first argument is where none stands in square brackets."""

    parameters: int
    body: str
    default: str | None = None


class TooMuchError(Exception):
    """A macro without an end, or with one far away."""


@lru_cache(maxsize=8)
def definitions(content: str) -> Mapping[str, Macro]:
    """Of a whole text.  What is defined twice is what it is defined as last; \\providecommand only where nothing is.

    Commands of layout that the reader knows are what they are: a file defines them by TeX's programming.
    """
    found: dict[str, Macro] = {}
    at = 0
    while len(found) < _MOST and (match := _DEFINITION.search(content, at)):
        at = match.end()
        if match["comment"] is not None:
            continue
        body, at = group(content, at)
        name = match["braced"] or match["bare"] or match["defined"]
        is_layout = name in ARGUMENTS or name in NOTED
        if body is None or is_layout or (match["how"] == "providecommand" and name in found):
            continue
        found[name] = _macro(match, body)
    return found


def definition_end(content: str, start: int) -> int:
    """Behind the definition that begins there; nought where it is none that is understood."""
    match = _DEFINITION.match(content, start)
    if match is None or match["comment"] is not None:
        return 0
    body, end = group(content, match.end())
    return end if body is not None else 0


def _macro(match: re.Match[str], body: str) -> Macro:
    if match["how"] == "DeclareMathOperator":
        return Macro(0, rf"\operatorname{{{body}}}")
    count = match["parameters"].count("#") if match["defined"] else int(match["count"] or 0)
    return Macro(count, body, match["default"] if count else None)


def group(content: str, start: int) -> tuple[str | None, int]:
    """What stands in the braces that open at ``start``, and the place behind them; nothing where they do not close."""
    depth = 0
    for event in _BRACE.finditer(content, start):
        depth += {"{": 1, "}": -1}.get(event[0], 0)
        if depth == 0:
            return content[start + 1 : event.start()], event.end()
        if depth > DEEPEST * 2:
            break
    return None, start + 1


_SINGLE = re.compile(r"\s*(?:(?P<open>\{)|(?P<token>\\[A-Za-z]+|\\.|[^\s{}]))", re.DOTALL)
_OPTIONAL = re.compile(r"\s*\[([^\[\]]{0,200})\]")


def expanded(macro: Macro, text: str, at: int) -> tuple[str, int] | None:
    """What a call brings whose name ends at ``at``, and where it ends; nothing where an argument is missing."""
    arguments: list[str] = []
    if macro.default is not None:
        optional = _OPTIONAL.match(text, at)
        arguments.append(macro.default if optional is None else optional[1])
        at = at if optional is None else optional.end()
    while len(arguments) < macro.parameters:
        single = _SINGLE.match(text, at)
        if single is None:
            return None
        argument: str | None = single["token"]
        at = single.end()
        if single["open"]:
            argument, at = group(text, single.start("open"))
        if argument is None:
            return None
        arguments.append(argument)
    if sum(map(len, arguments)) * max(1, macro.body.count("#")) + len(macro.body) > LONGEST:
        raise TooMuchError
    return _PARAMETER.sub(lambda match: _argument(arguments, int(match[1])), macro.body), at


def _argument(arguments: list[str], number: int) -> str:
    return arguments[number - 1] if number <= len(arguments) else ""


@dataclass
class Expansion:
    """The macros of a file, and how many characters they have brought, in a line and in all; ``depth``: how many are
    in one another now."""

    macros: Mapping[str, Macro]
    brought: int = 0
    total: int = 0
    depth: int = 0

    def call(self, name: str, text: str, at: int) -> tuple[str, int] | None:
        """What a macro brings, and where its call ends; nothing for an argument that is missing.

        Raises TooMuchError, and does so for the rest of the line.
        """
        if self.depth >= DEEPEST or self.brought > LONGEST or self.total > ALTOGETHER:
            self.brought = LONGEST + 1
            raise TooMuchError
        found = expanded(self.macros[name], text, at)
        if found is not None:
            self.brought += len(found[0]) + 1
            self.total += len(found[0]) + 1
        return found

    @contextmanager
    def inside(self) -> Iterator[None]:
        self.depth += 1
        try:
            yield
        finally:
            self.depth -= 1
