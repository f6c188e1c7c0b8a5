r"""Text for somebody else's article, whose fonts, packages and encoding are not ours: LaTeX of ASCII letters only."""

from __future__ import annotations

from reports.check_words import parts
from reports.document.inline import Code, Part
from reports.escaping.characters import codepoint, normalise
from reports.formula.slashed import slashed
from reports.formula.symbols import BY_CHARACTER
from reports.formula.to_latex import latex
from reports.formula.to_text import text
from reports.formula.tree import Formula

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", '"': "''", "<": r"\ensuremath{<}", ">": r"\ensuremath{>}",
    "|": r"\ensuremath{|}", "–": "--", "—": "---", "…": r"\ldots{}", "‘": "`", "’": "'", "“": "``", "”": "''",
}  # fmt: skip
_NEEDS_PACKAGES = (r"\begin", r"\cjk", r"\role")


def ascii_latex(words: str) -> str:
    """Words with formulas between dollar signs."""
    return "".join(map(_part, parts(words)))


def _part(part: Part) -> str:
    if isinstance(part, Formula):
        shown = latex(slashed(part), colour=False)
        is_plain = shown.isascii() and not any(command in shown for command in _NEEDS_PACKAGES)
        return f"${shown}$" if is_plain else _escaped(text(part))
    if isinstance(part, Code):
        return rf"\texttt{{{_escaped(part.text)}}}"
    return _escaped(part if isinstance(part, str) else str(getattr(part, "text", "")))


def _escaped(words: str) -> str:
    return "".join(map(_character, normalise(words)))


def _character(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char.isascii() and char.isprintable():
        return char
    known = BY_CHARACTER.get(char)
    shown = rf"\ensuremath{{{known.latex}}}" if known else codepoint(char)
    return shown if shown.isascii() else codepoint(char)
