"""Where a brace is closed."""

from __future__ import annotations

import re

from derive.errors import InputError
from verify.check.reading.text import Text

DEEPEST = 200
"""Braces, or environments, in one another."""
_BRACE = re.compile(r"\\.|%[^\n]*|[{}]|\n[ \t]*(?=\n)", re.DOTALL)


def group_end(text: Text, start: int) -> int:
    """Behind the brace that closes the one at ``start``; the paragraph's end if none does.  Raises InputError."""
    depth = 0
    for event in _BRACE.finditer(text.content, start):
        depth += {"{": 1, "}": -1}.get(event[0], 0)
        if depth > DEEPEST:
            raise too_deep(text, event.start())
        if event[0][0] == "\n":
            return event.start()
        if depth == 0 and event[0] == "}":
            return event.end()
    return len(text.content)


def too_deep(text: Text, at: int) -> InputError:
    return text.error(at, f"braces nest more than {DEEPEST} deep", "a formula needs a dozen: take some away")
