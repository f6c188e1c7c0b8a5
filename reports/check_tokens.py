r"""LaTeX mathematics cut into tokens, and what each stands for in the presentation tree.

Only the commands listed here exist: a macro of the user's has no meaning, and nothing is ever expanded or run.
"""

from __future__ import annotations

import re
from functools import cache

from reports.formula.shape import kind
from reports.formula.symbols import SYMBOLS, symbol
from reports.formula.tree import Atom, Formula, Mark, Norm, Paren, Style

FRACTIONS = frozenset({r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"})
TEXTS = frozenset({r"\text", r"\textrm", r"\mbox", r"\textbf", r"\textit"})
BIG = {r"\sum": "sum", r"\prod": "prod"}
STYLES: dict[str, Style] = {
    **dict.fromkeys((r"\mathrm", r"\operatorname", r"\mathsf"), "upright"),
    **dict.fromkeys((r"\mathbf", r"\boldsymbol", r"\bm", r"\pmb"), "bold"),
    **dict.fromkeys((r"\mathcal", r"\mathit", r"\mathscr", r"\mathbb"), "italic"),
}
ACCENTS: dict[str, Mark] = {
    r"\hat": "hat", r"\widehat": "hat", r"\tilde": "tilde", r"\widetilde": "tilde", r"\bar": "bar", r"\overline": "bar",
}  # fmt: skip
FENCES = {"(": ")", "[": "]", r"\{": r"\}", r"\lbrace": r"\rbrace", r"\lVert": r"\rVert", r"\lvert": r"\rvert"}
BARS = frozenset({"|", r"\vert", r"\lvert", r"\rvert"})
NORMS = frozenset({r"\|", r"\Vert", r"\lVert", r"\rVert"})
APPLIED = frozenset({"f", "g", "phi", "sigmoid", "sigma", "psi", "ell", "calL"})
"""What stands before a parenthesis as a function, not as a factor."""

_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\d+(?:\.\d+)?|\s+|.", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_COMMAND = re.compile(r"\\[A-Za-z]+|\\.")
_WITH_ARGUMENT = re.compile(r"\\(?:label|tag|vspace|hspace)\*?\{[^{}]*\}")
_LINE_END = re.compile(r"\\\\(?:\s*\[[^\]]*\])?")
_SIGNS = {r"\{": "{", r"\}": "}", r"\lbrace": "{", r"\rbrace": "}", **dict.fromkeys(BARS, "|")}
_OTHER_NAMES = {
    "epsilon": "epsilon", "phi": "phi", "T": "top", "intercal": "top", "dots": "ldots", "dotsb": "cdots",
    "dotsm": "cdots", "dotsc": "ldots", "ast": "star", "leq": "le", "geq": "ge", "neq": "ne", "gets": "leftarrow",
    "rightarrow": "to", "Rightarrow": "implies", "equiv": "=", "triangleq": "eqdef", ",": "thin", ";": "thin",
    ":": "thin", " ": "thin", "qquad": "quad",
}  # fmt: skip
_FUNCTIONS = ("tanh", "exp", "log", "ln", "sin", "cos", "max", "min", "det")
_SIZES = [f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")]
_NO_MEANING = ("displaystyle", "textstyle", "scriptstyle", "limits", "nolimits", "nonumber", "notag", "!", *_SIZES)
_LAYOUT = frozenset({"\\" + name for name in _NO_MEANING} | {"&", "~"})


class NotReadError(ValueError):
    """A formula that has no presentation tree here; it is shown as it was typed."""


@cache
def symbols() -> dict[str, str]:
    """The entry of the symbol table that a command stands for, by the command's name."""
    own = {entry.latex[1:]: name for name, entry in SYMBOLS.items() if _COMMAND.fullmatch(entry.latex)}
    letters = {name: name for name, entry in SYMBOLS.items() if name.isalpha() and len(entry.unicode) == 1}
    return {**letters, **own, **{name: name for name in _FUNCTIONS}, **_OTHER_NAMES}


def tokens(latex: str) -> list[str]:
    """Without comments, labels and alignment; blanks are tokens, since a text may stand there."""
    cleaned = _LINE_END.sub(" ", _WITH_ARGUMENT.sub("", _COMMENT.sub("", latex)))
    return [token for token in _TOKEN.findall(cleaned) if token not in _LAYOUT]


def named(token: str, style: Style = "italic") -> Atom:
    """What a command stands for.  Raises NotReadError for one that is not known."""
    if not token.startswith("\\") or token[1:] not in symbols():
        raise NotReadError
    return Atom(symbols()[token[1:]], style)


def character(token: str) -> Formula:
    """A letter, a number or a sign as it stands."""
    if token == "*":
        return Atom("cdot")
    is_known = token.isascii() and (token.isalnum() or token[0].isdigit() or token in "+-=<>,;:.!/")
    if is_known or (len(token) == 1 and symbol(token) is not None):
        return Atom(token)
    raise NotReadError


def fenced(left: str, body: Formula, right: str) -> Formula:
    """A body between delimiters, which need not be a pair."""
    if left in NORMS and right in NORMS:
        return Norm(body)
    first, last = _SIGNS.get(left, left), _SIGNS.get(right, right)
    if first not in ("(", "[", "{", "|") or last not in (")", "]", "}", "|"):
        raise NotReadError
    return Paren(body, first, last)


def ends_term(token: str) -> bool:
    """Whether the body of a sum or a product is over."""
    if token in ("+", "-", "=", "<", ">", ",", ";", ")", "]", r"\right"):
        return True
    name = symbols().get(token[1:]) if token.startswith("\\") else None
    return name is not None and kind(Atom(name)) in ("rel", "punct")
