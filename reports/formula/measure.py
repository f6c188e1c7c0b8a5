"""How wide a formula is, about, in em of its font: enough to choose a layout, not to typeset."""

from __future__ import annotations

from functools import singledispatch

from reports.formula.shape import flatten, hang, is_tall, kind
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

_SCRIPT = 0.72
_SPACING = {"bin": 0.44, "rel": 0.56, "punct": 0.17, "op": 0.17}


@singledispatch
def width(formula: Formula) -> float:
    """The width in em, in display style."""
    raise TypeError(f"no width for {type(formula).__name__}")


@width.register
def _atom(formula: Atom) -> float:
    entry = symbol(formula.name)
    if entry is None:
        return sum(map(_letter, formula.name))
    if entry.kind == "space":
        return {"thin": 0.17, "quad": 1.0}.get(formula.name, 0.0)
    wide = 1.3 if formula.name in ("implies", "iff", "cdots", "ldots") else 0.6
    return wide if len(entry.unicode) == 1 else 0.5 * len(entry.unicode)


def _letter(char: str) -> float:
    """Widths of Latin Modern, in three classes."""
    if char in "WMm":
        return 1.0
    return 0.36 if char in "ilt" else 0.74 if char.isupper() or char == "w" else 0.53


@width.register
def _words(formula: Words) -> float:
    return 0.46 * len(formula.text)


@width.register
def _row(formula: Row) -> float:
    return sum(width(item) + _SPACING.get(kind(item), 0.0) for item in flatten(formula))


@width.register
def _script(formula: Script) -> float:
    hung = hang(formula)
    scripts = [part for part in (hung.sub, hung.sup) if part is not None]
    return width(hung.base) + _SCRIPT * max((_tight(part) for part in scripts), default=0.0)


def _tight(formula: Formula) -> float:
    """Inside scripts operators lose their space."""
    return sum(width(item) for item in flatten(formula))


@width.register
def _frac(formula: Frac) -> float:
    return max(width(formula.num), width(formula.den)) + 0.24


@width.register
def _big(formula: Big) -> float:
    limits = [_SCRIPT * _tight(part) for part in (formula.lo, formula.hi) if part is not None]
    return max([1.45, *limits]) + 0.17 + width(formula.body)


@width.register
def _paren(formula: Paren) -> float:
    return width(formula.body) + (1.4 if is_tall(formula.body) else 0.78)


@width.register
def _norm(formula: Norm) -> float:
    return width(formula.body) + 1.1


@width.register
def _matrix(formula: Matrix) -> float:
    columns = zip(*formula.rows, strict=True)
    return sum(max(map(width, cells)) + 1.0 for cells in columns) + 1.0


@width.register
def _stacked(formula: Stacked) -> float:
    return max(map(width, formula.lines))


@width.register
def _body(formula: Role | Accent) -> float:
    return width(formula.body)


@width.register
def _boxed(formula: Boxed) -> float:
    return width(formula.body) + 0.8


@width.register
def _under(formula: Under) -> float:
    return max(width(formula.body), _SCRIPT * width(formula.note))


@width.register
def _call(formula: Call) -> float:
    return width(formula.function) + sum(width(argument) + 0.45 for argument in formula.args) + 0.6
