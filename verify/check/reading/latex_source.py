r"""Formulas in LaTeX text.  Nothing is executed: \input opens no file; what \newcommand defines is put in its place."""

from __future__ import annotations

import re
from collections.abc import Callable

from verify.check.reading.collecting import display, reported
from verify.check.reading.displays import Found
from verify.check.reading.macros import definition_end
from verify.check.reading.mathscan import ENVIRONMENT
from verify.check.reading.signs import OTHER_FILES
from verify.check.reading.text import Text

MATH = frozenset(
    name + star
    for name in [
        "equation",
        "align",
        "alignat",
        "flalign",
        "gather",
        "multline",
        "eqnarray",
        "dmath",
        "xalignat",
        "IEEEeqnarray",
    ]
    for star in ("", "*")
) | {"aligned", "alignedat", "gathered", "split", "math", "displaymath"}
VERBATIM = frozenset({"verbatim", "verbatim*", "Verbatim", "lstlisting", "minted", "comment", "filecontents"})
_DEFINITIONS = frozenset({"newcommand", "renewcommand", "providecommand", "def", "DeclareMathOperator"})
_EVENT = re.compile(
    rf"(?P<comment>%[^\n]*)|(?P<environment>{ENVIRONMENT})|(?P<verbatim>\\(?:verb|lstinline)\*?(?P<bar>[^\sA-Za-z*])"
    r"[^\n]{0,200}?(?P=bar))|(?P<opener>\\[\[(]|\$\$?)|(?P<macro>\\[A-Za-z]+)|(?P<escape>\\.)",
    re.DOTALL,
)
_DOCUMENT = re.compile(r"^[^%\n]*?\\begin\s*\{document\}", re.MULTILINE)
_ARGUMENT = re.compile(r"\*?\s*\{?\s*(\\?[^{}\s\\]{0,80})")


def scan(text: Text) -> Found:
    """The formulas of an article or a fragment; a text without any delimiter is a formula itself.

    Raises InputError, see ``source``.
    """
    found = Found()
    preamble = _DOCUMENT.search(text.content)
    at: int | None = preamble.end() if preamble else 0
    delimited = False
    while at is not None and (event := _EVENT.search(text.content, at)):
        delimited = delimited or event.lastgroup in ("opener", "environment")
        at = _RULES[event.lastgroup or ""](text, event, found)
    if not preamble and not delimited and not found.displays and text.content.strip():
        display(text, 0, 0, "", found)
    return found


def _skipped(text: Text, event: re.Match[str], found: Found) -> int:
    return event.end()


def _opener(text: Text, event: re.Match[str], found: Found) -> int:
    return display(text, event.start(), event.end(), event[0], found)


def _environment(text: Text, event: re.Match[str], found: Found) -> int | None:
    name = event[0][event[0].index("{") + 1 : -1]
    if not event[0].startswith(r"\begin"):
        return None if name == "document" else event.end()
    if name in MATH:
        return display(text, event.start(), event.end(), name, found)
    if name not in VERBATIM:
        return event.end()
    end = text.content.find(rf"\end{{{name}}}", event.end())
    return end if end >= 0 else None


def _macro(text: Text, event: re.Match[str], found: Found) -> int:
    name = event[0][1:]
    if name in _DEFINITIONS and (behind := definition_end(text.content, event.start())):
        return behind
    if name in OTHER_FILES or name in _DEFINITIONS or name == "let":
        argument = _ARGUMENT.match(text.content, event.end())
        what = argument[1] if argument else ""
        reported(text, event.start(), f"{event[0]} {what}".strip(), "is not read", found)
    return event.end()


_RULES: dict[str, Callable[[Text, re.Match[str], Found], int | None]] = {
    "comment": _skipped,
    "environment": _environment,
    "verbatim": _skipped,
    "opener": _opener,
    "macro": _macro,
    "escape": _skipped,
}
