"""The shapes of a cell file: ``"n"``, ``["n", "m"]``, ``"2*n"``, ``4``."""

from __future__ import annotations

import ast
from typing import Any

import sympy as sp

from derive.cellfile.document import Document
from derive.cellfile.positions import Place
from derive.cellfile.syntax import Code, single, whole
from derive.indices import N_INPUT, N_OUTPUT, N_STATE

SIZES = {symbol.name: symbol for symbol in (N_STATE, N_INPUT, N_OUTPUT)}
MEND = "a size is n (state), m (input), q (output), a whole number, or a sum or product of these, such as 2*n"
_LARGEST, _HIGHEST_DEGREE = 10_000, 2


def shape(document: Document, place: Place) -> tuple[sp.Expr, ...]:
    """The one or two sizes that a key gives."""
    found: Any = document.value(place)
    if not isinstance(found, list):
        return (_size(document, place),)
    if len(found) not in (1, 2):
        raise document.error(place, f"'{place[-1]}' has {len(found)} sizes", 'give one or two: "n" or ["n", "m"]')
    return tuple(_size(document, (*place, count)) for count in range(len(found)))


def _size(document: Document, place: Place) -> sp.Expr:
    found = document.value(place)
    if type(found) is int:
        if not 1 <= found <= _LARGEST:
            raise document.error(place, "the size is not between 1 and 10000", MEND)
        return sp.Integer(found)
    if not isinstance(found, str):
        raise document.error(place, "this is no size", MEND)
    return size(single(document.excerpt(place), MEND))


def size(code: Code) -> sp.Expr:
    """The dimension that a formula spells, with its products multiplied out.  Raises InputError."""
    found = _polynomial(code.tree, code)
    if found.is_zero:
        raise code.error(code.tree, f"the size '{code.text(code.tree)}' is zero", MEND)
    return found.as_expr()


def _polynomial(node: ast.AST, code: Code) -> sp.Poly:
    found = sp.Poly(_expression(node, code), *SIZES.values())
    if max(found.coeffs()) > _LARGEST or found.total_degree() > _HIGHEST_DEGREE:
        raise code.error(node, f"the size '{code.text(node)}' is too large", MEND)
    return found


def _expression(node: ast.AST, code: Code) -> sp.Expr:
    match node:
        case ast.Name(id=name) if name in SIZES:
            return SIZES[name]
        case ast.Constant() if (count := whole(node, code)) is not None:
            return sp.Integer(count)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _polynomial(left, code) + _polynomial(right, code)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _polynomial(left, code) * _polynomial(right, code)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=2)):
            return _polynomial(left, code) ** 2
    raise code.refused(node, MEND)
