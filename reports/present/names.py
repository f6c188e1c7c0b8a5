"""Names with their scripts: letters, time indices, roles, superscripts beside subscripts."""

from __future__ import annotations

from derive import expr as ex
from reports.formula import tree as pt
from reports.formula.symbols import symbol
from reports.formula.tree import Atom, Formula, Role, Script, Words, row
from reports.present.index import index

_ROLES = {"local": "local", "jacobian": "jacobian", "unknown": "unknown"}


def _name(name: str) -> tuple[str, str]:
    """``W_h`` as letter and subscript."""
    letter, _, subscript = name.partition("_")
    return letter, subscript


def _literal(text: str) -> Formula:
    """A name as it is spelt; only a letter's name ("delta") is a symbol, so that W_in is not W with an ∈."""
    known = symbol(text)
    return Words(text) if known is not None and known.kind != "ord" and len(text) > 1 else Atom(text)


def _subscripts(name: str, *parts: Formula) -> Formula | None:
    """Subscripts separated by commas."""
    shown = [*((_literal(name),) if name else ()), *parts]
    separated = [x for part in shown for x in (",", part)][1:]
    return row(*separated) if separated else None


def _letter(node: ex.Var) -> Formula:
    letter = Atom("calL") if node.kind == "loss" and node.name == "L" else _literal(_name(node.name)[0])
    return pt.Accent(letter, "bar") if node.kind == "adjoint" else letter


def indexed(node: ex.Var, *more: Formula) -> Formula:
    time = () if node.time is None else (index(node.time),)
    subscript = _subscripts(_name(node.name)[1], *time, *more)
    body = Script(_letter(node), subscript) if subscript is not None else _letter(node)
    return Role(body, _ROLES[node.kind]) if node.kind in _ROLES else body


def raised(body: Formula, power: Formula) -> Formula:
    """A superscript, beside a subscript where there is one."""
    if isinstance(body, Role):
        return Role(raised(body.body, power), body.role)
    if isinstance(body, Script) and body.sup is None:
        return Script(body.base, body.sub, power)
    return Script(body, None, power)
