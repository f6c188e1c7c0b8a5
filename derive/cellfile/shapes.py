"""Do two matrices fit?  If not: both shapes, and what was probably meant."""

from __future__ import annotations

import ast

from derive.cellfile.syntax import Code
from derive.errors import InputError
from derive.expr import ONE, Node, is_scalar, shape_text


def same_shape(node: ast.BinOp, left: Node, right: Node, code: Code) -> None:
    """For + - * /.  Raises InputError with both shapes."""
    if left.shape == right.shape:
        return
    mend = "both need the same shape"
    if isinstance(node.op, ast.Mult) and (is_scalar(left) or is_scalar(right)):
        mend = "write u @ a for a column u times the only entry of a"
    elif isinstance(node.op, ast.Mult) and left.shape[1] == right.shape[0]:
        mend = "write @ for the matrix product"
    elif left.shape == right.shape[::-1]:
        mend = "transpose one of them by .T"
    raise _mismatch(node, left, right, code, mend)


def fitting_product(node: ast.BinOp, left: Node, right: Node, code: Code) -> None:
    """For @.  Raises InputError with both shapes."""
    if left.shape[1] == right.shape[0]:
        return
    mend = "the left one needs as many columns as the right one has rows"
    if left.shape == right.shape and left.shape[1] == ONE:
        mend = "write * for the product of two columns entry by entry"
    elif left.shape[0] == right.shape[0]:
        mend = f"transpose the left one: {code.text(node.left)}.T" if _short(node.left) else "transpose the left one"
    raise _mismatch(node, left, right, code, mend)


def _short(node: ast.expr) -> bool:
    return isinstance(node, ast.Name)


def _mismatch(node: ast.BinOp, left: Node, right: Node, code: Code, mend: str) -> InputError:
    sides = " and ".join(
        f"'{code.text(side)}' ({shape_text(matrix)})" for side, matrix in ((node.left, left), (node.right, right))
    )
    return code.error(node, f"the shapes of {sides} do not fit together", mend)
