"""How the parts of a formula look in plain text and in LaTeX."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

from verify.check.reading.letters import FUNCTION_MACROS, LETTER_FONTS, MACRO_OF, TEXT_FONTS, WORDS
from verify.check.reading.tree import Name

_CLOSING = {"(": ")", "[": "]", "{": "}", "⟨": "⟩"}
_ESCAPED = {"{": r"\{", "}": r"\}", "⟨": r"\langle ", "⟩": r"\rangle "}
_SIGNS = {"": r" ", "·": r" \cdot ", "×": r" \times ", "*": " * ", "⊙": r" \odot ", "∘": r" \circ ",
          "⊗": r" \otimes ", "⊘": r" \oslash "}  # fmt: skip
_RELATIONS = {"≤": r"\le ", "≥": r"\ge ", "≠": r"\ne ", "≈": r"\approx ", "∈": r"\in ", "→": r"\to ", "∝": r"\propto "}
_MARKS = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303", "dot": "\u0307", "ddot": "\u0308"}


@dataclass(frozen=True)
class Style:
    """Texts and small functions from texts to text; without ``fraction`` a quotient is written on the line."""

    letter: Callable[[Name], str]
    function: Callable[[str, Name], str]
    sub: Callable[[str], str]
    sup: Callable[[str], str]
    transpose: str
    fraction: Callable[[str, str], str] | None
    opening: str
    gap: str
    """Between a name and a bracket that is no argument of it."""
    sign: Callable[[str], str]
    big: Callable[[str], str]
    relation: Callable[[str], str]
    dots: str
    differential: Callable[[bool], str]
    nabla: str
    evaluated: Callable[[str, str], str]
    norm: Callable[[str, str], str]
    matrix: Callable[[list[list[str]], str], str]
    left: str
    right: str
    escaped: dict[str, str]

    def brackets(self, text: str, opening: str = "(") -> str:
        closing = _CLOSING[opening]
        return f"{self.left}{self.escaped.get(opening, opening)}{text}{self.right}{self.escaped.get(closing, closing)}"


def _plain_script(mark: str) -> Callable[[str], str]:
    def script(text: str) -> str:
        tight = text.replace(" + ", "+").replace(" - ", "-")
        return f"{mark}{tight}" if len(tight) == 1 else f"{mark}{{{tight}}}"

    return script


def _plain_letter(name: Name) -> str:
    return normalize("NFC", name.base + _MARKS.get(name.accent, f"[{name.accent}]" if name.accent else ""))


def _latex_letter(name: Name) -> str:
    text = MACRO_OF.get(name.base, name.base)
    if name.base in FUNCTION_MACROS and not name.font:
        text = "\\" + name.base
    elif name.base in WORDS and not name.font:
        text = rf"\operatorname{{{name.base}}}"
    elif name.font in TEXT_FONTS | LETTER_FONTS or name.font:
        text = rf"\{name.font}{{{text}}}"
    elif len(name.base) > 1:
        text = rf"\mathrm{{{text}}}"
    text += " " if text.startswith("\\") and text[-1].isalpha() else ""
    return rf"\{name.accent}{{{text}}}" if name.accent else text


def _latex_matrix(rows: list[list[str]], bracket: str) -> str:
    columns = f"{{{'c' * len(rows[0])}}}" if bracket == "array" else ""
    body = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{{bracket}}}{columns} {body} \end{{{bracket}}}"


PLAIN = Style(
    letter=_plain_letter,
    function=lambda text, name: text,
    sub=_plain_script("_"),
    sup=_plain_script("^"),
    transpose="ᵀ",
    fraction=None,
    opening="(",
    gap="",
    sign=lambda kind: f" {kind} " if kind else " ",
    big=str,
    relation=lambda sign: sign,
    dots="…",
    differential=lambda total: "d" if total else "∂",
    nabla="∇",
    evaluated=lambda body, at: f"{body}|_{{{at}}}",
    norm=lambda body, bars: f"{bars}{body}{bars}",
    matrix=lambda rows, bracket: "[" + "; ".join(", ".join(row) for row in rows) + "]",
    left="",
    right="",
    escaped={},
)

LATEX = Style(
    letter=_latex_letter,
    function=lambda text, name: text,
    sub=lambda text: f"_{{{text}}}",
    sup=lambda text: f"^{{{text}}}",
    transpose=r"^{\top}",
    fraction=lambda above, below: rf"\frac{{{above}}}{{{below}}}",
    opening=r"\left",
    gap=r"\, ",
    sign=lambda kind: _SIGNS[kind],
    big=lambda sign: {"Σ": r"\sum", "∏": r"\prod"}[sign],
    relation=lambda sign: _RELATIONS.get(sign, sign),
    dots=r"\dots ",
    differential=lambda total: r"\mathrm{d} " if total else r"\partial ",
    nabla=r"\nabla",
    evaluated=lambda body, at: rf"\left. {body} \right|_{{{at}}}",
    norm=lambda body, bars: rf"\left{bars} {body} \right{bars}".replace("‖", r"\|"),
    matrix=_latex_matrix,
    left=r"\left",
    right=r"\right",
    escaped=_ESCAPED,
)
