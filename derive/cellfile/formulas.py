"""The elementwise functions of a cell file: a SymPy-style formula in z, read node by node into a SymPy expression."""

from __future__ import annotations

import ast
from collections.abc import Callable
from operator import add, mul, sub, truediv

import sympy as sp

from derive.cellfile.branches import above, absolute, in_order, largest, smallest
from derive.cellfile.document import suggestion
from derive.cellfile.source import Excerpt, shown
from derive.cellfile.syntax import Code, exact, number, single
from derive.errors import InputError
from derive.functions import Elementwise, Z

MEND = "write a formula in z, such as z / (1 + abs(z)) or Piecewise((z, z > 0), (0, True))"
_STRAIGHT = "abs, max, min and conditions take straight lines in z: write the rest with Piecewise((value, z > 0), …)"
_ARGUMENT = "the argument is z"
_LARGEST_POWER = 64
_LARGEST_NUMBER = 10**18  # NumPy's functions take whole numbers of 63 bits
_LARGEST_ARGUMENT = 100
_LARGEST_POWER_OF_NUMBERS = 1e100  # Python's floats overflow with an exception
_MOST_ARRANGEMENTS = 5
_CONSTANTS = {"z": Z, "pi": sp.pi, "E": sp.E}
_SMOOTH: dict[str, Callable[[sp.Expr], sp.Expr]] = {
    "exp": sp.exp, "log": sp.log, "sqrt": sp.sqrt, "sin": sp.sin, "cos": sp.cos, "tanh": sp.tanh,
    "sinh": sp.sinh, "cosh": sp.cosh, "atan": sp.atan,
    "sigmoid": lambda u: (1 + sp.tanh(u / 2)) / 2,  # this form never overflows, nor does its derivative
}  # fmt: skip
_STRAIGHT_ONLY: dict[str, tuple[int, Callable[..., sp.Expr | None]]] = {
    "abs": (1, absolute), "Abs": (1, absolute),
    "max": (2, largest), "Max": (2, largest), "min": (2, smallest), "Min": (2, smallest),
    "relu": (1, lambda u: largest(u, sp.Integer(0))),
}  # fmt: skip
_CALLED = (*_SMOOTH, *_STRAIGHT_ONLY, "Piecewise")
_OPERATORS: dict[type[ast.operator], Callable[[sp.Expr, sp.Expr], sp.Expr]] = {
    ast.Add: add, ast.Sub: sub, ast.Mult: mul, ast.Div: truediv,
}  # fmt: skip
_PRINTABLE = (
    sp.Symbol, sp.Rational, sp.Add, sp.Mul, sp.Pow, sp.NumberSymbol, sp.exp, sp.log, sp.sin, sp.cos, sp.tanh, sp.sinh,
    sp.cosh, sp.atan, sp.Piecewise, sp.functions.elementary.piecewise.ExprCondPair, sp.core.relational.Relational,
    sp.logic.boolalg.BooleanAtom,
)  # fmt: skip
"""What NumPy and the other writers of formulas know, in f and in f′."""


def elementwise(name: str, excerpt: Excerpt) -> Elementwise:
    """The function that a formula defines.  Raises InputError at the part that is at fault."""
    code = single(excerpt, MEND)
    function = Elementwise(name, _settled(_value(code.tree, code), code))
    if function.slope == 0:
        raise code.error(code.tree, f"the derivative of {name} is 0 everywhere", "nothing can be learnt through it")
    for what, expr in ((f"{name}(z)", function.expr), (f"the derivative of {name}", function.slope)):
        for part in sp.preorder_traversal(expr):
            if not isinstance(part, _PRINTABLE):
                raise code.error(code.tree, f"{what} holds {shown(str(part))}", "write it with Piecewise")
            if part.is_Rational and max(abs(part.p), part.q) > _LARGEST_NUMBER:
                raise code.error(code.tree, f"{what} holds a number of more than 18 digits", "round it")
            if isinstance(part, sp.Pow) and part.is_number and not abs(part.evalf(3)) < _LARGEST_POWER_OF_NUMBERS:
                raise code.error(code.tree, f"{what} holds {shown(str(part))}", "use smaller powers")
    return function


def _settled(expr: sp.Expr, code: Code) -> sp.Expr:
    """The same function in an arrangement that SymPy prints and this reads back as it is: 2 (1 + z)/z moves the 2."""
    for _ in range(_MOST_ARRANGEMENTS):
        text = sp.sstr(expr)
        try:
            again = single(Excerpt(code.excerpt.source, code.excerpt.start, text), MEND)
            found = _value(again.tree, again)
        except InputError:
            break
        if found == expr:
            return expr
        expr = found
    raise code.error(code.tree, f"the formula becomes '{shown(text)}', which is too involved", "write a simpler one")


def _value(node: ast.AST, code: Code) -> sp.Expr:
    """The expression of a node of the whitelist.  Raises InputError for any other."""
    match node:
        case ast.Constant():
            return number(node, code)
        case ast.Name(id=name) if name in _CONSTANTS:
            return _CONSTANTS[name]
        case ast.Name(id=name):
            mend = f"write {name}(z)" if name in _CALLED else suggestion(name, (*_CONSTANTS, *_CALLED), _ARGUMENT)
            raise code.error(node, f"there is no '{code.text(node)}' in a formula", mend)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, code)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _value(operand, code)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _checked(_power(node, _value(left, code), _value(right, code), code), node, code)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _checked(_OPERATORS[type(op)](_value(left, code), _value(right, code)), node, code)
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            return _checked(_called(node, name, arguments, code), node, code)
    raise code.refused(node, MEND)


def _power(node: ast.AST, base: sp.Expr, power: sp.Expr, code: Code) -> sp.Expr:
    if power.is_Rational and max(abs(power.p), power.q) <= _LARGEST_POWER:
        return base**power
    if base.is_Rational and base > 0 and power.has(Z):
        return base**power
    mend = f"a power is a number up to {_LARGEST_POWER}; write exp(a * log(b)) for b ** a"
    raise code.error(node, f"the power in '{code.text(node)}' is not a small number", mend)


def _called(node: ast.Call, name: str, arguments: list[ast.expr], code: Code) -> sp.Expr:
    if name not in _CALLED:
        mend = suggestion(name, _CALLED, f"the functions are {', '.join(_CALLED)}")
        raise code.error(node, f"there is no function '{code.text(node.func)}'", mend)
    if name == "Piecewise":
        return _piecewise(node, code)
    count, function = _STRAIGHT_ONLY.get(name, (1, _SMOOTH.get(name)))
    if len(arguments) != count:
        raise code.error(node, f"'{name}' takes {count} argument(s), here are {len(arguments)}", MEND)
    values = [_value(argument, code) for argument in arguments]
    if name in _SMOOTH and name != "sqrt" and values[0].is_number:
        _check_constant(values[0], node, code)
    found = function(*values) if function else None
    if found is None:
        raise code.error(node, f"'{code.text(node)}' has corners that cannot be found", _STRAIGHT)
    return found


def _check_constant(argument: sp.Expr, node: ast.Call, code: Code) -> None:
    """SymPy would evaluate exp(exp(exp(9))), or tanh(1 / exp(10**9)), until memory ends."""
    if argument.atoms(sp.Function) or not abs(argument) <= _LARGEST_ARGUMENT:
        what = f"the number '{code.text(node)}' takes a function of more than {_LARGEST_ARGUMENT}, or of a function"
        raise code.error(node, what, "write the number itself")


def _piecewise(node: ast.Call, code: Code) -> sp.Expr:
    """``Piecewise((value, condition), …, (value, True))``, the form in which SymPy prints it."""
    branches = []
    for place, argument in enumerate(node.args, start=1):
        match argument:
            case ast.Tuple(elts=[value, ast.Constant(value=True)]) if place == len(node.args):
                branches.append((_value(value, code), sp.true))
            case ast.Tuple(elts=[value, condition]) if place < len(node.args):
                branches.append((_value(value, code), _condition(condition, code)))
            case _:
                raise code.error(argument, f"'{code.text(argument)}' is not the branch that is expected here",
                                 "write Piecewise((value, z > 0), …, (value, True))")  # fmt: skip
        if branches[-1][0].has(sp.Piecewise):
            raise code.error(argument, f"'{code.text(argument)}' has branches inside a branch", "list them in one row")
    if not branches:
        raise code.refused(node, "write Piecewise((value, z > 0), …, (value, True))")
    return in_order(branches)


def _condition(node: ast.AST, code: Code) -> sp.Basic:
    if not isinstance(node, ast.Compare) or len(node.ops) != 1:
        raise code.error(node, f"'{code.text(node)}' is not a condition", "compare z with a number, such as z > 0")
    left, right = _value(node.left, code), _value(node.comparators[0], code)
    match node.ops[0]:
        case ast.Gt() | ast.GtE() as op:
            found = above(left, right, closed=isinstance(op, ast.GtE))
        case ast.Lt() | ast.LtE() as op:
            found = above(right, left, closed=isinstance(op, ast.LtE))
        case _:
            raise code.error(node, f"'{code.text(node)}' is not a condition", "use <, <=, > or >=")
    if found is None:
        raise code.error(node, f"'{code.text(node)}' does not compare straight lines", _STRAIGHT)
    return found


def _checked(value: sp.Expr, node: ast.AST, code: Code) -> sp.Expr:
    """What every step keeps: real, finite, with numbers and powers of few digits."""
    if value.has(sp.zoo, sp.oo, -sp.oo, sp.nan, sp.I) or (value.is_number and not value.is_real):
        raise code.error(node, f"'{code.text(node)}' is not a real number", "use arguments for which it is one")
    for rational in value.atoms(sp.Rational):
        exact(rational, node, code)
    if any(f.is_number and not abs(f.args[0]) <= _LARGEST_ARGUMENT for f in value.atoms(sp.exp)):
        raise code.error(node, f"'{code.text(node)}' holds too large a number", "use smaller powers")
    if any(p.exp.is_Rational and max(abs(p.exp.p), p.exp.q) > _LARGEST_POWER for p in value.atoms(sp.Pow)):
        raise code.error(node, f"'{code.text(node)}' has a power above {_LARGEST_POWER}", "use smaller powers")
    return value
