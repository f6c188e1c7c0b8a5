"""What stands for itself: numbers, brackets, bars, roots, accents, matrices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from verify.check.reading.pieces import Compound, Expression, Hanging, Piece, UnreadableError
from verify.check.reading.scripts import dressed
from verify.check.reading.tree import Applied, Evaluated, Listed, Matrix, Name, Norm, Number, Run, Tree

if TYPE_CHECKING:
    from verify.check.reading.assembly import Assembly, Cursor

_BRACKETS = "([{⟨"


def number(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    tree = Number(str(piece.symbol), span=assembly.span(piece.start, piece.symbol.end))
    return dressed(assembly, tree, piece.hanging)


def dots(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    return Run(span=assembly.span(piece.start, assembly.bare(piece).end))


def _compound(piece: Piece) -> Compound:
    assert isinstance(piece.symbol, Compound)  # the rule's key says so
    return piece.symbol


def bracket(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    """Round brackets leave no trace; several entries are a list."""
    symbol = _compound(piece)
    sign = str(symbol.opening)
    if sign not in _BRACKETS:
        raise UnreadableError(f"'{sign}' is not read", symbol.start, symbol.start + 1)
    entries = assembly.entries(symbol.scripts[0], words=False) if len(symbol.scripts[0].parts) > 1 else ()
    span = assembly.span(symbol.start, symbol.end)
    if entries:
        tree: Tree = Listed(entries, sign, span=span)
    else:
        tree = replace(assembly.expression(symbol.inside()), span=span)
    return dressed(assembly, tree, piece.hanging)


def group(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    """Braces with a script: {h_t}^2."""
    inside = _compound(piece).inside()
    row = inside.single()
    if len(row) == 1:
        joined = Piece(row[0].symbol, row[0].hanging + piece.hanging, piece.start, piece.end)
        kinds = [hanging.kind for hanging in row[0].hanging]
        if kinds.count("SUB") + sum(hanging.kind == "SUB" for hanging in piece.hanging) < 2:
            return assembly.row((joined,))
    return dressed(assembly, assembly.expression(inside), piece.hanging)


def bars(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    symbol = _compound(piece)
    span = assembly.span(symbol.start, symbol.end)
    return dressed(assembly, Norm(assembly.expression(symbol.inside()), str(symbol.opening), span=span), piece.hanging)


def evaluation(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    r"""\left. body \right|_{at}."""
    symbol = _compound(piece)
    if not piece.hanging or piece.hanging[0].kind != "SUB" or piece.hanging[0].script is None:
        raise UnreadableError("the place of evaluation is missing", symbol.start, symbol.end)
    at: Hanging = piece.hanging[0]
    span = assembly.span(symbol.start, at.end)
    tree = Evaluated(assembly.expression(symbol.inside()), assembly.entries(piece.hanging[0].script), span=span)
    return dressed(assembly, tree, piece.hanging[1:])


def root(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    symbol = _compound(piece)
    span = assembly.span(symbol.start, symbol.end)
    tree = Applied(Name("sqrt"), (assembly.expression(symbol.inside()),), span=span)
    return dressed(assembly, tree, piece.hanging)


def grid(assembly: Assembly, piece: Piece, cursor: Cursor) -> Tree:
    symbol = _compound(piece)
    rows = [row for row in symbol.rows if any(cell is not None for cell in row)]
    if not rows or len({len(row) for row in rows}) != 1 or any(cell is None for row in rows for cell in row):
        raise UnreadableError("a matrix with empty cells or rows of different lengths", symbol.start, symbol.end)
    cells = tuple(tuple(_cell(assembly, cell) for cell in row) for row in rows)
    tree = Matrix(cells, str(symbol.opening), span=assembly.span(symbol.start, symbol.end))
    return dressed(assembly, tree, piece.hanging)


def _cell(assembly: Assembly, cell: Expression | None) -> Tree:
    assert cell is not None  # looked at above
    return assembly.expression(cell)
