"""Source code cut to a width, the same way for every writer that cannot scroll."""

from __future__ import annotations

import textwrap


def code_lines(text: str, width: int) -> list[str]:
    """The lines of a code block; what is cut off continues indented."""
    return [piece for line in text.expandtabs(4).splitlines() for piece in _wrapped(line, width)]


def _wrapped(line: str, width: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    rest = indent if len(indent) < width // 2 else "    "
    return textwrap.wrap(line, width, subsequent_indent=rest, replace_whitespace=False, expand_tabs=False) or [""]
