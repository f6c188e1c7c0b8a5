"""Which characters print as they are, which need a CJK font, and what stands in for the rest.

Both PDF engines share this table, so that the same text gives the same page: a character that one engine
could print and the other could not is shown as its code point (`U+1F600`) in both.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Literal

CharacterClass = Literal["plain", "math", "cjk", "unknown"]

# What T1 and TS1 fonts declare for UTF-8 input in every LaTeX since 2018, and New Computer Modern has too.
_EUROPEAN = (
    "ĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĨĩĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŊŋŌōŎŏŐőŒœŔŕŖŗŘřŚśŜŝŞşŠšŢţŤť"
    "ŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžǍǎǏǐǑǒǓǔȘșȚț"
)
_LATIN_1 = "".join(map(chr, range(0xA1, 0x100))).replace("\xad", "")
_TYPOGRAPHIC = "–—‘’‚“”„†‡•‰‹›€™…"
_PLAIN = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(_EUROPEAN + _LATIN_1 + _TYPOGRAPHIC)

_CJK_RANGES = ((0x3000, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))


def is_cjk(char: str) -> bool:
    """True for Chinese and Japanese characters and their punctuation."""
    return any(lo <= ord(char) <= hi for lo, hi in _CJK_RANGES)


def has_cjk(text: str) -> bool:
    """True if any character of the text needs a CJK font."""
    return any(map(is_cjk, text))


def codepoint(char: str) -> str:
    """The stand-in for a character that cannot be printed: `U+0007`."""
    return f"U+{ord(char):04X}"


def classify(char: str) -> CharacterClass:
    """The class of one character of normalised text."""
    from reports.formula.symbols import BY_CHARACTER

    if char in _PLAIN:
        return "plain"
    if char in BY_CHARACTER:
        return "math"
    return "cjk" if is_cjk(char) else "unknown"


def normalise(text: str) -> str:
    """Composed characters (NFC) and plain blanks: a line break in running text is a space."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(" " if char in "\t\n\r\x0b\x0c\xa0\u2009\u202f" else char for char in composed)


def runs(text: str) -> Iterator[tuple[CharacterClass, str]]:
    """The text cut into runs of characters of one class."""
    for kind, chars in groupby(normalise(text), key=classify):
        yield kind, "".join(chars)


def printed(text: str, printers: Mapping[CharacterClass, Callable[[str], str]]) -> str:
    """Every run by the printer of its class."""
    return "".join(printers[kind](chars) for kind, chars in runs(text))


def printable(text: str) -> str:
    """Text for a terminal: control and surrogate characters as code points, so that nothing is executed."""
    return "".join(codepoint(c) if unicodedata.category(c) in ("Cc", "Cs", "Cf") else c for c in normalise(text))
