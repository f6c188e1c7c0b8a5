"""Running text with formulas for Matplotlib, which has a notation and fonts of its own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from reports.document.inline import Cite, InlineLike, Ref, as_inline
from reports.engines.typst_engine import CJK_FAMILIES, font_paths
from reports.escaping.characters import codepoint, is_cjk, printable, printed
from reports.formula.to_latex import latex
from reports.formula.to_text import text
from reports.formula.tree import Formula

_FAMILIES = ("cmr10", "DejaVu Serif")  # the second has what the first lacks: accents, dashes, signs in words
_MATHTEXT = {
    r"\mathopen{}\left": "",
    r"\right": "",
    r"\mathclose{}": "",
    r"\lVert": r"\Vert",
    r"\rVert": r"\Vert",
}
# At the places of these signs, `cmr10` has others: they come from the fonts of formulas, or are signs like them.
_IN_FORMULAS = str.maketrans(
    {"$": r"\$", "_": r"$\_$", "<": "$<$", ">": "$>$", "|": "$|$", "{": r"$\{$", "}": r"$\}$", "\\": r"$\backslash$"}
    | {"~": r"$\sim$"}
)
_ALIKE = str.maketrans({"$": r"\$", "_": "ˍ", "<": "‹", ">": "›", "|": "∣", "~": "∼"})
_MISREAD = re.compile(r"\\text[a-z]|\\cjk")  # it takes `\textasciicircum` for letters


def label_text(inline: InlineLike) -> str:
    """Running text with formulas in Matplotlib's notation; what it cannot parse is Unicode text.

    Beside its formulas there are only the letters of ASCII, so that a label with others has its formulas as text too.
    """
    parts = as_inline(inline)
    words = {n: _printed(_words(part)) for n, part in enumerate(parts) if not isinstance(part, Formula)}
    plain = not all(map(str.isascii, words.values()))
    signs = _ALIKE if plain else _IN_FORMULAS
    shown = (
        _formula(part, plain) if isinstance(part, Formula) else words[n].translate(signs)
        for n, part in enumerate(parts)
    )  # fmt: skip
    return "".join(shown)


def _words(part: object) -> str:
    return "" if isinstance(part, Ref | Cite) else part if isinstance(part, str) else str(getattr(part, "text", ""))


def _printed(words: str) -> str:
    """A character that no font has is shown as its code point, as in every other writer."""
    cjk = _codepoints if cjk_family() is None else str
    return printed(words, {"plain": str, "math": str, "cjk": cjk, "unknown": _codepoints})


def _escaped(words: str) -> str:
    return words.replace("$", r"\$")


def _codepoints(words: str) -> str:
    return " ".join(map(codepoint, words))


def _formula(formula: Formula, plain: bool) -> str:
    from matplotlib.mathtext import MathTextParser

    source = latex(formula, colour=False)
    for command, simple in _MATHTEXT.items():
        source = source.replace(command, simple)
    try:
        if not plain and not _MISREAD.search(source):
            MathTextParser("path").parse(f"${source}$")
            return f"${source}$"
    except ValueError:
        pass  # a command that it does not know
    return _signs(text(formula))


def _signs(words: str) -> str:
    """A formula as text, whose scripts are characters that running text does not have."""
    pieces = (codepoint(char) if is_cjk(char) and cjk_family() is None else char for char in printable(words))
    return _escaped("".join(pieces))


def families() -> list[str]:
    """The fonts, in the order in which a letter is looked for."""
    cjk = cjk_family()
    return [*_FAMILIES, *([] if cjk is None else [cjk])]


@cache
def cjk_family() -> str | None:
    """A font with Chinese letters: of the optional package, or of the system; None if there is none."""
    from matplotlib.font_manager import fontManager

    for folder in map(Path, font_paths()):
        for path in sorted(folder.glob("*.[ot]tf")):
            fontManager.addfont(path)
    known = set(fontManager.get_font_names())
    return next((family for family in CJK_FAMILIES if family in known), None)
