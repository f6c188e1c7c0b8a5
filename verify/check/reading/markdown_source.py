"""Formulas in Markdown: $ $, $$ $$, $`…`$, \\( \\), \\[ \\], ```math fences, environments; code is passed over."""

from __future__ import annotations

import re
from collections.abc import Callable

from verify.check.reading import latex_source
from verify.check.reading.collecting import display
from verify.check.reading.displays import Found
from verify.check.reading.mathscan import ENVIRONMENT
from verify.check.reading.text import Text

_EVENT = re.compile(
    r"(?P<fence>^[ \t>]*(?P<ticks>```+|~~~+)[ \t]*(?P<language>[^\s`]*)[^\n]*$)|(?P<code>(?<!`)(?P<tick>`{1,8})(?!`))"
    rf"|(?P<environment>{ENVIRONMENT})|(?P<display>\$\$|\\[\[(])|(?P<dollar>\$(?=[^\s$]))|(?P<escape>\\.)",
    re.MULTILINE | re.DOTALL,
)
_INLINE = re.compile(r"(?:\\.|[^$\\\n]|\n(?![ \t]*\n))*?[^\s\\$]\$(?!\d)")
"""As in Pandoc: no blank at the inside of a dollar and no digit behind the last, or $5 and $10 would be a formula."""


def scan(text: Text) -> Found:
    """Raises InputError, see ``source``."""
    found, at = Found(), 0
    while event := _EVENT.search(text.content, at):
        at = _RULES[event.lastgroup or ""](text, event, found)
    return found


def _fence(text: Text, event: re.Match[str], found: Found) -> int:
    ticks = event["ticks"]
    closing = re.compile(rf"^[ \t>]*{re.escape(ticks)}[ \t]*$", re.MULTILINE).search(text.content, event.end())
    end = closing.start() if closing else len(text.content)
    if event["language"] == "math":
        display(text, event.start("ticks"), min(event.end() + 1, end), "math", found, end)
    return closing.end() if closing else end


def _code(text: Text, event: re.Match[str], found: Found) -> int:
    end = text.content.find(event["tick"], event.end())
    return end + len(event["tick"]) if end >= 0 else event.end()


def _dollar(text: Text, event: re.Match[str], found: Found) -> int:
    content = text.content
    if content.startswith("$`", event.start()):
        end = content.find("`$", event.end() + 1)
        return display(text, event.start(), event.end() + 1, "$", found, end) + 2 if end >= 0 else event.end()
    closed = _INLINE.match(content, event.end())
    return display(text, event.start(), event.end(), "$", found) if closed else event.end()


def _display(text: Text, event: re.Match[str], found: Found) -> int:
    return display(text, event.start(), event.end(), event[0], found)


def _environment(text: Text, event: re.Match[str], found: Found) -> int:
    name = event[0][event[0].index("{") + 1 : -1]
    if event[0].startswith(r"\begin") and name in latex_source.MATH:
        return display(text, event.start(), event.end(), name, found)
    return event.end()


def _escape(text: Text, event: re.Match[str], found: Found) -> int:
    return event.end()


_RULES: dict[str, Callable[[Text, re.Match[str], Found], int]] = {
    "fence": _fence,
    "code": _code,
    "environment": _environment,
    "display": _display,
    "dollar": _dollar,
    "escape": _escape,
}
