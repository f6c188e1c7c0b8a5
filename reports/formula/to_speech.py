"""Formulas read aloud: the alternative text that a tagged PDF carries beside every formula."""

from __future__ import annotations

from functools import singledispatch

from reports.escaping.characters import printable
from reports.formula.shape import flatten, is_mark
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

_SPECIAL_POWERS: dict[Formula, str] = {Atom("top"): "transpose", Atom("prime"): "prime", Atom("2"): "squared"}


@singledispatch
def spoken(formula: Formula) -> str:
    """The formula in English words."""
    raise TypeError(f"no words for {type(formula).__name__}")


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


@spoken.register
def _atom(formula: Atom) -> str:
    entry = symbol(formula.name)
    return entry.spoken if entry else printable(formula.name)


@spoken.register
def _words(formula: Words) -> str:
    return printable(formula.text).strip()


@spoken.register
def _row(formula: Row) -> str:
    return _join(*map(spoken, formula.items))


@spoken.register
def _script(formula: Script) -> str:
    sub = "" if formula.sub is None else f"sub {spoken(formula.sub)}"
    return _join(spoken(formula.base), sub, "" if formula.sup is None else _power(formula.sup))


def _power(power: Formula) -> str:
    if is_mark(power):
        return _join("superscript", *(_named(item) for item in flatten(power)))
    match power:
        case Row((mark, last)) if is_mark(mark):
            return _join(_power(mark), _power(last))
        case _:
            return _SPECIAL_POWERS.get(power) or f"to the {spoken(power)}"


def _named(mark: Formula) -> str:
    return spoken(mark.body if isinstance(mark, Paren) else mark)


@spoken.register
def _frac(formula: Frac) -> str:
    return f"fraction {spoken(formula.num)} over {spoken(formula.den)} end fraction"


@spoken.register
def _big(formula: Big) -> str:
    name = {"sum": "sum", "prod": "product"}[formula.op]
    lo = "" if formula.lo is None else f"from {spoken(formula.lo)}"
    hi = "" if formula.hi is None else f"to {spoken(formula.hi)}"
    return _join(name, lo, hi, "of", spoken(formula.body))


@spoken.register
def _paren(formula: Paren) -> str:
    return f"open {spoken(formula.body)} close"


@spoken.register
def _norm(formula: Norm) -> str:
    return f"norm of {spoken(formula.body)} end norm"


@spoken.register
def _matrix(formula: Matrix) -> str:
    rows = "; ".join(", ".join(map(spoken, cells)) for cells in formula.rows)
    return f"{len(formula.rows)} by {len(formula.rows[0])} matrix: {rows}; end matrix"


@spoken.register
def _stacked(formula: Stacked) -> str:
    return _join(*map(spoken, formula.lines))


@spoken.register
def _decorated(formula: Role | Boxed) -> str:
    return spoken(formula.body)


@spoken.register
def _under(formula: Under) -> str:
    return f"{spoken(formula.body)} (noted {spoken(formula.note)})"


@spoken.register
def _accent(formula: Accent) -> str:
    return f"{spoken(formula.body)} {formula.mark}"


@spoken.register
def _call(formula: Call) -> str:
    return f"{spoken(formula.function)} of {', '.join(map(spoken, formula.args))} end of arguments"
