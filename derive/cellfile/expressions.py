"""The right-hand side of an equation: a syntax tree, node by node, into a matrix expression.

Every node that is not in this whitelist is refused with the text of it and the place where it stands.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeAlias

import sympy as sp

from derive.build import add, hadamard, matmul, scale, transpose
from derive.cellfile.dimensions import size
from derive.cellfile.document import suggestion
from derive.cellfile.names import NODES
from derive.cellfile.scope import Scope
from derive.cellfile.shapes import fitting_product, same_shape
from derive.cellfile.syntax import Code, exact, number, spelt, whole
from derive.errors import InputError
from derive.expr import ONE, Fill, Hadamard, Identity, Node, ones
from derive.functions import reciprocal
from derive.nonlinear import Map, Softmax

Value: TypeAlias = Node | sp.Rational
MEND = "an equation uses names, numbers, + - * / @ **, .T, h[t-1] and functions such as tanh(z)"
_LARGEST_POWER = 8
_MOST_FACTORS = 16


class Expressions:
    """Reads the expressions of one equation."""

    def __init__(self, code: Code, scope: Scope) -> None:
        self.code, self.scope = code, scope

    def matrix(self, node: ast.expr) -> Node:
        """Raises InputError, at the place of the offender."""
        value = self.value(node)
        if not isinstance(value, Node):
            raise self.error(node, "is a number, a matrix is expected here", "write 2 * ones(n) for a column of twos")
        return value

    def value(self, node: ast.expr) -> Value:
        match node:
            case ast.Name() | ast.Subscript():
                return self.scope.variable(node, self.code)
            case ast.Constant():
                return number(node, self.code)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                value = self.value(operand)
                return scale(-1, value) if isinstance(value, Node) else -value
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.value(operand)
            case ast.Attribute(value=body, attr="T"):
                return transpose(self.matrix(body))
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self.power(node, self.value(left), right)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](self, node, self.value(left), self.value(right))
            case ast.Call(func=ast.Name(id=name), keywords=[]):
                return self.call(node, spelt(name))
            case ast.List() | ast.Tuple():
                raise self.code.refused(node, "write W_h @ h[t-1] + W_x @ x for a product with a stacked column")
        raise self.code.refused(node, MEND)

    def error(self, node: ast.AST, what: str, mend: str) -> InputError:
        return self.code.error(node, f"'{self.code.text(node)}' {what}", mend)

    def sum(self, node: ast.BinOp, left: Value, right: Value) -> Value:
        """Matrices of one shape; a number is added to every entry."""
        if not isinstance(left, Node) and not isinstance(right, Node):
            return exact(left + right, node, self.code)
        if not isinstance(left, Node):
            left = Fill(left, *right.shape)
        if not isinstance(right, Node):
            right = Fill(right, *left.shape)
        same_shape(node, left, right, self.code)
        return add(left, right)

    def difference(self, node: ast.BinOp, left: Value, right: Value) -> Value:
        return self.sum(node, left, scale(-1, right) if isinstance(right, Node) else -right)

    def product(self, node: ast.BinOp, left: Value, right: Value) -> Value:
        """Entry by entry, or a number times anything."""
        if isinstance(left, Node) and isinstance(right, Node):
            same_shape(node, left, right, self.code)
            return self.bounded(node, hadamard(left, right))
        if isinstance(right, Node):
            return scale(left, right)
        return scale(right, left) if isinstance(left, Node) else exact(left * right, node, self.code)

    def quotient(self, node: ast.BinOp, left: Value, right: Value) -> Value:
        if isinstance(right, Node):
            return self.product(node, left, Map(reciprocal, right))
        if right == 0:
            raise self.error(node, "divides by zero", "divide by another number")
        return self.product(node, left, 1 / right)

    def matrix_product(self, node: ast.BinOp, left: Value, right: Value) -> Value:
        if not isinstance(left, Node) or not isinstance(right, Node):
            raise self.error(node, "is a matrix product with a number", "write * for a number times a matrix")
        fitting_product(node, left, right, self.code)
        return matmul(left, right)

    def power(self, node: ast.BinOp, base: Value, exponent: ast.expr) -> Value:
        """A power of every entry, by a whole number."""
        count = whole(exponent, self.code)
        if count is None or not 1 <= count <= _LARGEST_POWER:
            mend = f"a power is a whole number up to {_LARGEST_POWER}; define others under [functions]"
            raise self.error(node, "is not a power that is known here", mend)
        if not isinstance(base, Node):
            return exact(base**count, node, self.code)
        product = base
        for _ in range(count - 1):
            product = self.bounded(node, hadamard(product, base))
        return product

    def bounded(self, node: ast.AST, product: Node) -> Node:
        """Powers of powers would grow without end."""
        if isinstance(product, Hadamard) and len(product.args) > _MOST_FACTORS:
            raise self.error(node, f"has more than {_MOST_FACTORS} factors", "name a part of it by its own equation")
        return product

    def call(self, node: ast.Call, name: str) -> Node:
        functions = self.scope.functions
        if name not in functions and name not in NODES:
            names = (*functions, *NODES)
            mend = suggestion(name, names, f"define it under [functions]; known are {', '.join(names)}")
            raise self.code.error(node, f"there is no function '{self.code.text(node.func)}'", mend)
        most = 2 if name == "ones" else 1
        if not 1 <= len(node.args) <= most:
            raise self.error(
                node, f"has {len(node.args)} arguments", f"{name} takes {'one or two' if most == 2 else 'one'}"
            )
        if name in ("ones", "eye"):
            sizes = [size(Code(self.code.excerpt, argument)) for argument in node.args]
            return ones(*sizes) if name == "ones" else Identity(sizes[0])
        body = self.matrix(node.args[0])
        if name != "softmax":
            return Map(functions[name], body)
        if body.shape[1] != ONE:
            raise self.error(node, "is the softmax of a matrix", "softmax takes a column")
        return Softmax(body)


_OPERATORS: dict[type[ast.operator], Callable[[Expressions, ast.BinOp, Value, Value], Value]] = {
    ast.Add: Expressions.sum,
    ast.Sub: Expressions.difference,
    ast.Mult: Expressions.product,
    ast.Div: Expressions.quotient,
    ast.MatMult: Expressions.matrix_product,
}
