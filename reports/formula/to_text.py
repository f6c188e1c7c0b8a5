"""Formulas on one line of Unicode text, for terminals and plain-text files.

Scripts become Unicode subscripts and superscripts where every character has one, and `_{…}` otherwise.
"""

from __future__ import annotations

from functools import singledispatch

from reports.escaping.characters import printable
from reports.formula.shape import flatten, hang, kind, unwrap
from reports.formula.symbols import symbol
from reports.formula.tree import (
    Accent,
    Atom,
    Big,
    Boxed,
    Call,
    Formula,
    Frac,
    Matrix,
    Norm,
    Paren,
    Role,
    Row,
    Script,
    Stacked,
    Under,
    Words,
)

_SUB = dict(zip("0123456789+−=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ", strict=True))
_SUP = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδφχ⊤′",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᵠᵡᵀ′",
        strict=True,
    )
)
_NOTHING = Atom("")
_MARKS = {"bar": "\u0304", "hat": "\u0302", "tilde": "\u0303"}


@singledispatch
def text(formula: Formula) -> str:
    """The formula as one line of Unicode text."""
    raise TypeError(f"no text for {type(formula).__name__}")


@text.register
def _atom(formula: Atom) -> str:
    entry = symbol(formula.name)
    return entry.unicode if entry else printable(formula.name)


@text.register
def _words(formula: Words) -> str:
    return printable(formula.text)


@text.register
def _row(formula: Row) -> str:
    out, before = "", "start"
    items = flatten(formula)
    for index, item in enumerate(items):
        here = "words" if isinstance(item, Words) else kind(item)
        here = "prefix" if here == "bin" and before in ("start", "bin", "rel", "punct", "space", "prefix") else here
        piece = text(item)
        if isinstance(unwrap(item), Frac) and _has_factor_beside(items, index):
            piece = f"({piece})"
        out += ("" if here == "space" or item == _NOTHING else _gap(before, here, item)) + piece
        before = "nothing" if item == _NOTHING else here
    return out.strip(" ") if not any(isinstance(i, Words) for i in items) else out


def _gap(before: str, here: str, item: Formula) -> str:
    if before in ("start", "prefix", "words", "space", "nothing") or here in ("words", "punct"):
        return ""
    if before == "op" and isinstance(unwrap(item), Paren):
        return ""
    return " "


def _has_factor_beside(items: tuple[Formula, ...], index: int) -> bool:
    beside = [items[i] for i in (index - 1, index + 1) if 0 <= i < len(items)]
    return any(
        kind(item) in ("ord", "space", "op") and not isinstance(item, Words) and item != _NOTHING for item in beside
    )


@text.register
def _script(formula: Script) -> str:
    script = hang(formula)
    out = text(script.base)
    out += "" if script.sub is None else _raised(script.sub, _SUB, "_")
    return out + ("" if script.sup is None else _raised(script.sup, _SUP, "^"))


def _raised(script: Formula, table: dict[str, str], sign: str) -> str:
    """Small letters when every character has one, otherwise `_x` or `_{…}`."""
    flat = text(script)
    compact = flat.replace(" ", "") if not isinstance(script, Words) else flat
    if all(char in table for char in compact):
        return "".join(table[char] for char in compact)
    return f"{sign}{compact}" if len(compact) == 1 else f"{sign}{{{compact}}}"


@text.register
def _frac(formula: Frac) -> str:
    return f"{_operand(formula.num, tight=False)}/{_operand(formula.den, tight=True)}"


def _operand(formula: Formula, tight: bool) -> str:
    """A numerator or denominator, in parentheses unless it reads as one thing."""
    inner = unwrap(formula)
    if isinstance(inner, Frac | Big):
        return f"({text(inner)})"
    items = flatten(inner)
    loose = any(kind(item) in ("bin", "rel") for item in items)
    several = tight and sum(kind(item) not in ("prefix", "space") for item in items) > 1
    return f"({text(inner)})" if loose or several else text(inner)


@text.register
def _big(formula: Big) -> str:
    sign = {"sum": "∑", "prod": "∏"}[formula.op]
    lo = "" if formula.lo is None else f"_{{{text(formula.lo).replace(' ', '')}}}"
    hi = "" if formula.hi is None else f"^{{{text(formula.hi).replace(' ', '')}}}"
    return f"{sign}{lo}{hi} {text(formula.body)}"


@text.register
def _paren(formula: Paren) -> str:
    return f"{formula.left}{text(formula.body)}{formula.right}"


@text.register
def _norm(formula: Norm) -> str:
    return f"‖{text(formula.body)}‖"


@text.register
def _matrix(formula: Matrix) -> str:
    return "[" + "; ".join(", ".join(map(text, cells)) for cells in formula.rows) + "]"


@text.register
def _stacked(formula: Stacked) -> str:
    return " ".join(map(text, formula.lines))


@text.register
def _decorated(formula: Role | Boxed) -> str:
    return text(formula.body)


@text.register
def _under(formula: Under) -> str:
    return f"{text(formula.body)} [{text(formula.note)}]"


@text.register
def _accent(formula: Accent) -> str:
    body = text(formula.body)
    return (
        body[0] + _MARKS[formula.mark] + body[1:]
        if isinstance(formula.body, Atom | Script)
        else f"{formula.mark}({body})"
    )


@text.register
def _call(formula: Call) -> str:
    return f"{text(formula.function)}({', '.join(map(text, formula.args))})"


def spoken(formula: Formula) -> str:
    """The formula read aloud, for alternative texts; see `reports.formula.to_speech`."""
    from reports.formula import to_speech

    return to_speech.spoken(formula)
