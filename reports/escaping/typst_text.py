"""Arbitrary text made safe for Typst.

Text is emitted as Typst *strings* (`#"…"`), inside which nothing is markup. CJK runs go through the function
`cjk(text, codes)` of the preamble, which prints the code points when the engine found no CJK font.
"""

from __future__ import annotations

from reports.escaping.characters import codepoint, normalise, printed

_MARKUP = frozenset('\\#$*_@<>`/[](){}~-=+"^&|:.;')  # an opening bracket behind #code(…) would be its argument


def typst_string(text: str) -> str:
    """A Typst string literal, quotes included; control characters as escapes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in escaped) + '"'


def _codes(text: str) -> str:
    return typst_string(" ".join(map(codepoint, text)))


def _plain(text: str) -> str:
    """An apostrophe is printed curly, as LaTeX does."""
    return "".join("\\" + char if char in _MARKUP else char for char in text.replace("'", "’"))


def _math(text: str) -> str:
    return "".join(f'#mathsign("{char}")' for char in text)


def _cjk(text: str) -> str:
    return f"#cjk({typst_string(text)}, {_codes(text)})"


def _unknown(text: str) -> str:
    return f"#raw({_codes(text)})"


def typst_text(text: str) -> str:
    """Text as Typst markup that prints exactly this text."""
    return printed(text, {"plain": _plain, "math": _math, "cjk": _cjk, "unknown": _unknown})


def typst_code(text: str) -> str:
    """A string literal for `raw`, with unprintable characters replaced by their code points."""
    from reports.escaping.characters import classify

    shown = (char if classify(char) in ("plain", "math") else codepoint(char) for char in normalise(text))
    return typst_string("".join(shown))
