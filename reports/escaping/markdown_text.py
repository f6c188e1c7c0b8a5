"""Arbitrary text made safe for GitHub Markdown: no accidental emphasis, links, tables, HTML or formulas."""

from __future__ import annotations

import re

from reports.escaping.characters import printable

_ALWAYS = re.compile(r"([\\`*_{}\[\]<>|$~#&])")
_LINE_START = re.compile(r"^(\s*)([-+=>]|\d+[.)])(?=\s|$)")


def markdown_text(text: str) -> str:
    """Running text; usable in table cells too."""
    return _ALWAYS.sub(r"\\\1", printable(text))


def markdown_code(text: str) -> str:
    """A code span whose fence is longer than any run of backticks inside."""
    shown = printable(text).replace("|", "\\|")
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def markdown_line(line: str) -> str:
    """A finished line whose beginning cannot be read as a list item or a heading rule."""
    return _LINE_START.sub(lambda m: f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", line)
