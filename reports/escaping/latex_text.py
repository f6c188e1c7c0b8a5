"""Arbitrary text made safe for pdfLaTeX: every character prints, and none is ever a command."""

from __future__ import annotations

from reports.escaping.characters import codepoint, printed

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%",
    "_": r"\_\allowbreak{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}",
    ">": r"\textgreater{}", "|": r"\textbar{}", '"': r"\textquotedbl{}", "`": r"\textasciigrave{}",
    "•": r"\textbullet{}", "…": r"\ldots{}", "¬": r"\textlnot{}",
}  # fmt: skip
_CODE = _SPECIAL | {
    "'": r"\textquotesingle{}", "-": r"-{}", " ": r"\ ", ",": ",{}", "_": r"\_\allowbreak{}",
    "/": r"/\allowbreak{}", ".": r".\allowbreak{}",
}  # fmt: skip


def _plain(text: str) -> str:
    return "".join(_SPECIAL.get(char, char) for char in text)


def _code(text: str) -> str:
    return "".join(_CODE.get(char, char) for char in text)


def _math(text: str) -> str:
    from reports.formula.symbols import BY_CHARACTER

    return "".join(rf"\ensuremath{{{BY_CHARACTER[char].latex}}}" for char in text)


def _cjk(text: str) -> str:
    codes = " ".join(map(codepoint, text))
    return rf"\cjk{{{text}}}{{{codes}}}"


def _unknown(text: str) -> str:
    return rf"\texttt{{{' '.join(map(codepoint, text))}}}"


def latex_text(text: str) -> str:
    """Running text. CJK runs become `\\cjk{text}{codes}`, which the preamble defines."""
    return printed(text, {"plain": _plain, "math": _math, "cjk": _cjk, "unknown": _unknown})


def latex_code(text: str) -> str:
    """The contents of `\\texttt`: blanks are kept, quotes are straight, no ligatures."""
    return printed(text, {"plain": _code, "math": _math, "cjk": _cjk, "unknown": _unknown})


def latex_url(url: str) -> str:
    """The address argument of `\\href`: percent-encoded down to harmless ASCII, then escaped."""
    from urllib.parse import quote

    safe = quote(url, safe=":/?#[]@!()*+,;=%-._~")
    return "".join({"%": r"\%", "#": r"\#", "~": r"\string~"}.get(char, char) for char in safe)
