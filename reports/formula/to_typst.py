"""Formulas as Typst mathematics.

Unicode signs instead of symbol names, which change between Typst versions. Every comma, colon and semicolon
is escaped, because inside a call they would separate arguments. Roles call `role<name>`, which `PREAMBLE`
defines.
"""

from __future__ import annotations

import re
from functools import singledispatch

from reports.escaping.typst_text import typst_string
from reports.formula.shape import hang, has_double_scripts, has_large_cells, is_fenced, is_operator
from reports.formula.symbols import ROLES, symbol
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

PREAMBLE = "\n".join(
    [
        *(f'#let role{name}(body) = text(fill: rgb("{style.colour}"), body)' for name, style in ROLES.items()),
        "#let boxed(body) = box(stroke: 0.5pt, inset: 4pt, baseline: 4pt, $display(body)$)",
    ]
)

_ACCENTS = {"bar": "macron", "hat": "hat", "tilde": "tilde"}
_BIG = {"sum": "∑", "prod": "∏"}
_STYLES = {"italic": "upright", "upright": "upright", "bold": "bold"}


@singledispatch
def typst_math(formula: Formula) -> str:
    """The formula in Typst mathematics, without dollar signs."""
    raise TypeError(f"no Typst for {type(formula).__name__}")


@typst_math.register
def _atom(formula: Atom) -> str:
    entry = symbol(formula.name)
    if entry:
        return f"bold({entry.typst})" if formula.style == "bold" else entry.typst
    if re.fullmatch(r"\d+(\.\d+)?", formula.name) and formula.style == "italic":
        return formula.name
    if formula.name.isascii() and formula.name.isalnum():
        return _letters(formula)
    is_sign = len(formula.name) == 1 and formula.name.isascii() and formula.name.isprintable()
    return "\\" + formula.name if is_sign and formula.name != " " else _text(formula.name)


def _letters(formula: Atom) -> str:
    """Letters one by one: a quoted string would bring its own spaces along."""
    if len(formula.name) == 1 and formula.style == "italic":
        return formula.name
    return f"{_STYLES[formula.style]}({' '.join(formula.name)})"


def _text(text: str) -> str:
    from reports.escaping.characters import runs
    from reports.escaping.typst_text import typst_text

    if all(kind == "plain" for kind, _ in runs(text)):
        return typst_string(text)
    return f"#box[{typst_text(text)}]"


@typst_math.register
def _words(formula: Words) -> str:
    return _text(formula.text)


@typst_math.register
def _row(formula: Row) -> str:
    """Blanks between the items, but none beside words, where Typst would print them."""
    out, after_words = "", True
    for item in formula.items:
        words = isinstance(item, Words)
        out += ("" if words or after_words else " ") + typst_math(item)
        after_words = words
    return out


@typst_math.register
def _script(formula: Script) -> str:
    script = hang(formula)
    out = f"attach({typst_math(script.base)}"
    out += "" if script.sub is None else f", b: {typst_math(script.sub)}"
    out += "" if script.sup is None else f", t: {typst_math(script.sup)}"
    return out + ")"


@typst_math.register
def _frac(formula: Frac) -> str:
    return f"frac({typst_math(formula.num)}, {typst_math(formula.den)})"


@typst_math.register
def _big(formula: Big) -> str:
    lo = "" if formula.lo is None else f"_({typst_math(formula.lo)})"
    hi = "" if formula.hi is None else f"^({typst_math(formula.hi)})"
    return f"{_BIG[formula.op]}{lo}{hi} {typst_math(formula.body)}"


@typst_math.register
def _paren(formula: Paren) -> str:
    return f"lr(\\{formula.left} {typst_math(formula.body)} \\{formula.right})"


@typst_math.register
def _norm(formula: Norm) -> str:
    return f"lr(‖ {typst_math(formula.body)} ‖)"


@typst_math.register
def _matrix(formula: Matrix) -> str:
    tall = has_large_cells(formula)
    rows = "; ".join(", ".join(_cell(cell, tall) for cell in cells) for cells in formula.rows)
    gap = "0.8em" if tall else "0.5em" if has_double_scripts(formula) else ""
    return f"mat({f'row-gap: #{gap}, ' if gap else ''}{rows})"


def _cell(cell: Formula, tall: bool) -> str:
    return f"display({typst_math(cell)})" if tall else typst_math(cell)


@typst_math.register
def _stacked(formula: Stacked) -> str:
    lines = "; ".join(_cell(line, tall=True) for line in formula.lines)
    return f"mat(delim: #none, align: #left, row-gap: #0.4em, {lines})"


@typst_math.register
def _role(formula: Role) -> str:
    return f"role{formula.role}({typst_math(formula.body)})"


@typst_math.register
def _boxed(formula: Boxed) -> str:
    return f"boxed({typst_math(formula.body)})"


@typst_math.register
def _under(formula: Under) -> str:
    return f"underbrace({typst_math(formula.body)}, {typst_math(formula.note)})"


@typst_math.register
def _accent(formula: Accent) -> str:
    mark = "overline" if formula.mark == "bar" and not isinstance(formula.body, Atom) else _ACCENTS[formula.mark]
    return f"{mark}({typst_math(formula.body)})"


@typst_math.register
def _call(formula: Call) -> str:
    arguments = " \\, ".join(typst_math(argument) for argument in formula.args)
    shown = arguments if is_fenced(formula.args) else f"lr(\\( {arguments} \\))"
    return f"{_function(formula.function)} {shown}"


def _function(function: Formula) -> str:
    """A function name: an unknown multi-letter atom becomes an operator."""
    if isinstance(function, Atom) and is_operator(function):
        return f"op({typst_string(function.name)})"
    return typst_math(function)
