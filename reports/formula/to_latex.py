r"""Formulas as LaTeX.

Needs amsmath and mathtools, and one command for colours, which `PREAMBLE` defines: `\role` opens a colour
without opening a math atom, so that `+`, `=` and `\sum` keep their spacing inside it. Without colour the
output is plain enough for MathJax, KaTeX and Matplotlib.
"""

from __future__ import annotations

import re
from functools import singledispatch

from reports.escaping.latex_text import latex_text
from reports.formula.shape import (
    hang,
    has_double_scripts,
    has_large_cells,
    height,
    is_fenced,
    is_operator,
    is_tall,
)
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
    Style,
    Under,
    Words,
)

PREAMBLE = "\n".join(
    [
        *(rf"\definecolor{{{name}}}{{HTML}}{{{style.colour[1:].upper()}}}" for name, style in ROLES.items()),
        r"\newcommand*{\role}[2]{\begingroup\color{#1}#2\endgroup}",
    ]
)

_DELIMITERS = {
    "{": r"\{",
    "}": r"\}",
    "[": r"\lbrack",  # a bare [ after \\ would be read as its option
    "]": r"\rbrack",
    "⌊": r"\lfloor",
    "⌋": r"\rfloor",
    "|": r"\lvert|\rvert",
    "‖": r"\lVert|\rVert",
    "⟨": r"\langle",
    "⟩": r"\rangle",
}
_ACCENTS = {"bar": r"\bar", "hat": r"\hat", "tilde": r"\tilde"}
_WIDE_ACCENTS = {"bar": r"\overline", "hat": r"\widehat", "tilde": r"\widetilde"}
_PLAIN = re.compile(r"\d+(\.\d+)?|[A-Za-z()\[\]!/?@*|]")
_STYLES: dict[Style, str] = {"italic": r"\mathrm", "upright": r"\mathrm", "bold": r"\mathbf"}


def latex(formula: Formula, colour: bool = True) -> str:
    """The formula in LaTeX mathematics, without dollar signs; `colour=False` drops the roles."""
    return _emit(formula, colour)


@singledispatch
def _emit(formula: Formula, colour: bool) -> str:
    raise TypeError(f"no LaTeX for {type(formula).__name__}")


@_emit.register
def _atom(formula: Atom, colour: bool) -> str:
    entry = symbol(formula.name)
    if entry:
        return rf"\boldsymbol{{{entry.latex}}}" if formula.style == "bold" else entry.latex
    if formula.style == "italic" and _PLAIN.fullmatch(formula.name):
        return formula.name
    if formula.name.isascii() and formula.name.isalnum():
        return f"{_STYLES[formula.style]}{{{formula.name}}}"
    return rf"\text{{{latex_text(formula.name)}}}"


@_emit.register
def _words(formula: Words, colour: bool) -> str:
    return rf"\text{{{latex_text(formula.text)}}}"


@_emit.register
def _row(formula: Row, colour: bool) -> str:
    return " ".join(_emit(item, colour) for item in formula.items)


@_emit.register
def _script(formula: Script, colour: bool) -> str:
    script = hang(formula)
    out = _nucleus(script.base, colour)
    if script.sub is not None:
        out += "_" + _argument(_emit(script.sub, colour))
    if script.sup == Atom("prime"):
        return out + "'"
    return out if script.sup is None else out + "^" + _argument(_emit(script.sup, colour))


def _nucleus(base: Formula, colour: bool) -> str:
    text = _emit(base, colour)
    if isinstance(base, Paren):  # a script hangs on the delimiter itself, not on the empty atom behind it
        return text.removesuffix(r"\mathclose{}")
    return text if isinstance(base, Atom | Paren | Norm | Matrix | Accent) else f"{{{text}}}"


def _argument(text: str) -> str:
    return text if len(text) == 1 else f"{{{text}}}"


@_emit.register
def _frac(formula: Frac, colour: bool) -> str:
    return rf"\frac{{{_emit(formula.num, colour)}}}{{{_emit(formula.den, colour)}}}"


@_emit.register
def _big(formula: Big, colour: bool) -> str:
    lo = "" if formula.lo is None else "_" + _argument(_emit(formula.lo, colour))
    hi = "" if formula.hi is None else "^" + _argument(_emit(formula.hi, colour))
    return rf"\{formula.op}{lo}{hi} {_emit(formula.body, colour)}"


@_emit.register
def _paren(formula: Paren, colour: bool) -> str:
    body = _emit(formula.body, colour)
    left, right = _delimiter(formula.left, 0), _delimiter(formula.right, -1)
    return _fenced(left, body, right, is_tall(formula.body))


def _delimiter(sign: str, side: int) -> str:
    return _DELIMITERS.get(sign, sign).split("|")[side]


def _fenced(left: str, body: str, right: str, tall: bool) -> str:
    r"""Plain delimiters around a low body; `\left…\right` only where it grows, without its stray space."""
    if tall:
        return rf"\mathopen{{}}\left{left} {body} \right{right}\mathclose{{}}"
    return f"{left}{' ' if left[-1].isalpha() else ''}{body}{right}"


@_emit.register
def _norm(formula: Norm, colour: bool) -> str:
    return _fenced(r"\lVert", _emit(formula.body, colour), r"\rVert", is_tall(formula.body))


@_emit.register
def _matrix(formula: Matrix, colour: bool) -> str:
    size = r"\displaystyle " if has_large_cells(formula) else ""
    rows = _row_gap(formula).join(" & ".join(size + _emit(cell, colour) for cell in cells) for cells in formula.rows)
    return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"


def _row_gap(matrix: Matrix) -> str:
    r"""More room between high rows; the space that `\\[…]` takes is lost below a cell of several lines."""
    if height(matrix) > len(matrix.rows):
        return r" \\ \\[-6pt] "
    if has_large_cells(matrix):
        return r" \\[9pt] "
    return r" \\[4pt] " if has_double_scripts(matrix) else r" \\ "


@_emit.register
def _stacked(formula: Stacked, colour: bool) -> str:
    lines = r" \\[3pt] ".join("& " + _emit(line, colour) for line in formula.lines)
    return rf"\begin{{aligned}} {lines} \end{{aligned}}"


@_emit.register
def _role(formula: Role, colour: bool) -> str:
    body = _emit(formula.body, colour)
    return rf"\role{{{formula.role}}}{{{body}}}" if colour else body


@_emit.register
def _boxed(formula: Boxed, colour: bool) -> str:
    return rf"\boxed{{{_emit(formula.body, colour)}}}"


@_emit.register
def _under(formula: Under, colour: bool) -> str:
    return rf"\underbrace{{{_emit(formula.body, colour)}}}_{{{_emit(formula.note, colour)}}}"


@_emit.register
def _accent(formula: Accent, colour: bool) -> str:
    table = _ACCENTS if isinstance(formula.body, Atom) else _WIDE_ACCENTS
    return f"{table[formula.mark]}{{{_emit(formula.body, colour)}}}"


@_emit.register
def _call(formula: Call, colour: bool) -> str:
    arguments = ", ".join(_emit(argument, colour) for argument in formula.args)
    tall = any(is_tall(argument) for argument in formula.args)
    shown = arguments if is_fenced(formula.args) else _fenced("(", arguments, ")", tall)
    return _function(formula.function, colour) + shown


def _function(function: Formula, colour: bool) -> str:
    r"""A function name: an unknown multi-letter atom becomes an `\operatorname`."""
    if isinstance(function, Atom) and is_operator(function):
        return rf"\operatorname{{{latex_text(function.name)}}}"
    return _emit(function, colour)
