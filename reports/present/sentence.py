"""A sentence of plain text with letters like ``h_t`` and ``δ_{i+1}`` in it, as words and formulas."""

from __future__ import annotations

import re
import unicodedata

from reports.document.inline import Inline, Part
from reports.formula.tree import Atom, Formula, Script, row

_LETTER = re.compile(r"(?P<base>[^\W\d_])(?:_(?:\{(?P<long>[^{}]*)\}|(?P<short>[A-Za-z0-9]+)))?(?P<top>[ᵀ²])?(?!\w)")
_TOPS = {"ᵀ": Atom("top"), "²": Atom("2")}
_SIGNS = {"<=": "≤", ">=": "≥", " - ": " − "}


def sentence(text: str) -> Inline:
    """Letters with a subscript, transposed or squared, are set as formulas; everything else stays as it is."""
    for written, sign in _SIGNS.items():
        text = text.replace(written, sign)
    parts: list[Part] = []
    place = 0
    for found in _LETTER.finditer(text):
        if found["top"] or found["long"] or found["short"]:
            parts += [text[place : found.start()], _scripted(found)]
            place = found.end()
    return (*parts, text[place:])


def _scripted(found: re.Match[str]) -> Formula:
    below = found["long"] or found["short"]
    return Script(_atom(found["base"]), _row(below) if below else None, _TOPS.get(found["top"]))


def _row(text: str) -> Formula:
    """``t-1`` with a proper minus sign."""
    return row(*(_atom(part) for part in re.findall(r"[^\W_]+|[-+]", text)))


def _atom(letter: str) -> Formula:
    """A Greek letter by the name that the symbol table knows it by."""
    name = unicodedata.name(letter, "") if len(letter) == 1 else ""
    return Atom(name.rpartition(" ")[2].lower() if name.startswith("GREEK SMALL") else letter)
