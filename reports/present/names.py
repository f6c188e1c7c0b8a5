"""Names with their scripts: letters, time indices, roles, superscripts beside subscripts.

``W_h^2`` is the letter W with the subscript h and the mark 2.  A mark tells copies of one letter apart: a number is a
layer and stands in parentheses, a word is a part of the model and stands upright; ``h^1,e`` has both.
"""

from __future__ import annotations

from derive import expr as ex
from reports.formula import tree as pt
from reports.formula.shape import is_mark
from reports.formula.symbols import symbol
from reports.formula.tree import Atom, Formula, Paren, Role, Script, Style, Words, row
from reports.present.index import index

_ROLES = {"local": "local", "jacobian": "jacobian", "unknown": "unknown"}
_TRANSPOSED = Atom("top")


def _spelling(name: str) -> tuple[str, str, str]:
    """``W_h^2`` as letter, subscript and mark."""
    spelt, _, mark = name.partition("^")
    letter, _, subscript = spelt.partition("_")
    return letter, subscript, mark


def _literal(text: str, style: Style = "italic") -> Formula:
    """A name as it is spelt; only a letter's name ("delta") is a symbol, so that W_in is not W with an ∈."""
    known = symbol(text)
    return Words(text) if known is not None and known.kind != "ord" and len(text) > 1 else Atom(text, style)


def _listed(*parts: Formula) -> Formula | None:
    """Scripts separated by commas."""
    separated = [x for part in parts for x in (",", part)][1:]
    return row(*separated) if separated else None


def _mark(mark: str) -> Formula | None:
    words = mark.split(",") if mark else []
    return _listed(*(Paren(Atom(word)) if word.isdecimal() else _literal(word, "upright") for word in words))


def _scripted(letter: Formula, name: str, *indices: Formula) -> Formula:
    """The letter with the subscript and the mark of its name, and with indices."""
    _, subscript, mark = _spelling(name)
    below = _listed(*((_literal(subscript),) if subscript else ()), *indices)
    above = _mark(mark)
    return letter if below is None and above is None else Script(letter, below, above)


def spelt(name: str) -> Formula:
    """A name by itself, as in a subscript that refers to it."""
    return _scripted(_literal(_spelling(name)[0]), name)


def _letter(node: ex.Var) -> Formula:
    """The bar of an adjoint stands on the letter alone, and so does the tilde of an estimate (``delta~``)."""
    name = _spelling(node.name)[0]
    letter = Atom("calL") if node.kind == "loss" and node.name == "L" else _literal(name.rstrip("~"))
    mark: pt.Mark | None = "bar" if node.kind == "adjoint" else "tilde" if name.endswith("~") else None
    return pt.Accent(letter, mark) if mark else letter


def indexed(node: ex.Var, *more: Formula) -> Formula:
    time = () if node.time is None else (index(node.time),)
    body = _scripted(_letter(node), node.name, *time, *more)
    return Role(body, _ROLES[node.kind]) if node.kind in _ROLES else body


def raised(body: Formula, power: Formula) -> Formula:
    """A superscript, beside a subscript where there is one; ⊤ follows a mark, a power needs parentheses there."""
    match body:
        case Role(inner, role):
            return Role(raised(inner, power), role)
        case Script(base, sub, None):
            return Script(base, sub, power)
        case Script(base, sub, pt.Formula() as mark) if is_mark(mark) and power == _TRANSPOSED:
            return Script(base, sub, row(mark, power))
        case Script():
            return Script(Paren(body), None, power)
        case _:
            return Script(body, None, power)
