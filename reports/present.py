"""Expressions of ``derive`` as presentation formulas: one small rule a node.

Colours follow meaning: what a step creates (b_t), what carries it on (c_t), what the recurrence defines (a_t, δ_t).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch

import sympy as sp

from derive import expr as ex
from derive.derivation import Prose
from derive.derivatives import Call, Derivative, Gradient
from derive.entries import Entry
from derive.functions import identity, reciprocal
from derive.nonlinear import LogSumExp, Map, Softmax
from derive.sums import Bound, OrderedProduct
from reports.formula import tree as pt
from reports.formula.tree import Atom, Formula, Paren, Role, Script, row
from reports.present_index import index

Leaf = Callable[[ex.Node], "Formula | None"]
_ROLES = {"local": "local", "jacobian": "jacobian", "unknown": "unknown"}


def nothing(node: ex.Node) -> Formula | None:
    """No leaf has a look of its own."""
    return None


def show(node: ex.Node, leaf: Leaf = nothing) -> Formula:
    """The formula of an expression; ``leaf`` may give a node a look of its own (a number, say)."""
    own = leaf(node)
    return own if own is not None else _show(node, leaf)


def prose(parts: Prose) -> tuple[str | Formula, ...]:
    """Explaining text: words as they are, expressions and indices as formulas."""
    return tuple(part if isinstance(part, str) else _inline(part) for part in parts)


def _inline(part: ex.Node | sp.Expr) -> Formula:
    return show(part) if isinstance(part, ex.Node) else index(part)


@singledispatch
def _show(node: ex.Node, leaf: Leaf) -> Formula:
    raise NotImplementedError(f"no look for {type(node).__name__}")


def _name(name: str) -> tuple[str, str]:
    """``W_h`` as letter and subscript."""
    letter, _, subscript = name.partition("_")
    return letter, subscript


def _subscripts(*parts: Formula | str) -> Formula | None:
    """Subscripts separated by commas."""
    shown = [part for part in parts if part != ""]
    separated = [x for part in shown for x in (",", part)][1:]
    return row(*separated) if separated else None


def _letter(node: ex.Var) -> Formula:
    letter = Atom("calL" if node.kind == "loss" and node.name == "L" else _name(node.name)[0])
    return pt.Accent(letter, "bar") if node.kind == "adjoint" else letter


def _indexed(node: ex.Var, *more: Formula) -> Formula:
    time = () if node.time is None else (index(node.time),)
    subscript = _subscripts(_name(node.name)[1], *time, *more)
    body = Script(_letter(node), subscript) if subscript is not None else _letter(node)
    return Role(body, _ROLES[node.kind]) if node.kind in _ROLES else body


@_show.register
def _(node: ex.Var, leaf: Leaf) -> Formula:
    return _indexed(node)


@_show.register
def _(node: ex.Fill, leaf: Leaf) -> Formula:
    if ex.is_scalar(node) or node.value == 0:
        return index(node.value)
    one = Atom("one") if node.shape[1] == ex.ONE else Script(Atom("one"), None, Atom("top"))
    return one if node.value == 1 else row(index(node.value), one)


@_show.register
def _(node: ex.Identity, leaf: Leaf) -> Formula:
    return Atom("I")


def _sign(term: ex.Node) -> tuple[bool, ex.Node]:
    """Whether a term is negative, and the term without its sign."""
    if isinstance(term, ex.Scale) and term.args[0].is_negative:
        factor = -term.args[0]
        return True, term.args[1] if factor == 1 else ex.Scale(factor, term.args[1])
    if isinstance(term, ex.Fill) and term.value.is_negative:
        return True, ex.Fill(-term.value, *term.shape)
    return False, term


@_show.register
def _(node: ex.Add, leaf: Leaf) -> Formula:
    items: list[Formula | str] = []
    for place, term in enumerate(node.args):
        negative, body = _sign(term)
        if negative or place:
            items.append("-" if negative else "+")
        items.append(_grouped(body, leaf, (ex.Add,)))
    return row(*items)


@_show.register
def _(node: ex.Scale, leaf: Leaf) -> Formula:
    negative, body = _sign(node)
    if negative:
        return row("-", _grouped(body, leaf, (ex.Add,)))
    return row(index(node.args[0]), _grouped(node.args[1], leaf, (ex.Add,)))


def _grouped(node: ex.Node, leaf: Leaf, inside: tuple[type, ...]) -> Formula:
    """The node, in parentheses when it is of one of these types (and has no look of its own)."""
    shown = show(node, leaf)
    return Paren(shown) if isinstance(node, inside) else shown


@_show.register
def _(node: ex.MatMul, leaf: Leaf) -> Formula:
    """Factors side by side; a sum or product sign that is not last needs parentheses to say where it ends."""
    loose = (
        (ex.Add, ex.Scale, ex.Kron) if all(map(ex.is_scalar, node.args)) else (ex.Add, ex.Scale, ex.Hadamard, ex.Kron)
    )
    items = [_grouped(factor, leaf, (*loose, Bound)) for factor in node.args[:-1]]
    items.append(_grouped(node.args[-1], leaf, loose))
    return row(*_spaced(items))


def _spaced(items: list[Formula]) -> list[Formula | str]:
    """A thin space between two derivatives, which would otherwise touch."""
    out: list[Formula | str] = []
    for item in items:
        if out:
            out.append("thin")
        out.append(item)
    return out


@_show.register
def _(node: ex.Hadamard, leaf: Leaf) -> Formula:
    if ex.is_scalar(node):
        return _scalar_product(node, leaf)
    items: list[Formula | str] = []
    for factor in node.args:
        divides = isinstance(factor, Map) and factor.function == reciprocal and bool(items)
        if items:
            items.append("oslash" if divides else "odot")
        body = factor.body if divides else factor
        items.append(_grouped(body, leaf, (ex.Add, ex.MatMul, ex.Scale)))
    return row(*items)


def _scalar_product(node: ex.Hadamard, leaf: Leaf) -> Formula:
    """Numbers multiply without a sign, and equal ones become a power."""
    counts: dict[ex.Node, int] = {}
    for factor in node.args:
        counts[factor] = counts.get(factor, 0) + 1
    items: list[Formula] = []
    for factor, count in counts.items():
        shown = _grouped(factor, leaf, (ex.Add, ex.Scale))
        items.append(_raised(_base(shown, leaf(factor)), index(sp.Integer(count))) if count > 1 else shown)
    separator = "cdot" if any(leaf(factor) is not None for factor in counts) else "thin"
    return row(*[x for item in items for x in (separator, item)][1:])


def _base(shown: Formula, number: Formula | None) -> Formula:
    """What may carry a power: a number only in parentheses."""
    return shown if number is None or isinstance(number, Paren) else Paren(number)


def _raised(body: Formula, power: Formula) -> Formula:
    """A superscript, beside a subscript where there is one."""
    if isinstance(body, Role):
        return Role(_raised(body.body, power), body.role)
    if isinstance(body, Script) and body.sup is None:
        return Script(body.base, body.sub, power)
    return Script(body, None, power)


@_show.register
def _(node: ex.Transpose, leaf: Leaf) -> Formula:
    simple = (ex.Var, ex.Fill, Softmax, Entry)
    shown = show(node.args[0], leaf)
    return _raised(shown if isinstance(node.args[0], simple) else Paren(shown), Atom("top"))


@_show.register
def _(node: ex.Kron, leaf: Leaf) -> Formula:
    left, right = (_grouped(part, leaf, (ex.Add, ex.MatMul)) for part in node.args)
    return row(left, "otimes", right)


def _called(name: str, *arguments: Formula) -> Formula:
    return pt.Call(Atom(name), arguments)


@_show.register(ex.Diag)
@_show.register(ex.Vec)
@_show.register(LogSumExp)
@_show.register(Softmax)
def _(node: ex.Node, leaf: Leaf) -> Formula:
    names = {ex.Diag: "diag", ex.Vec: "vec", LogSumExp: "lse", Softmax: "softmax"}
    return _called(names[type(node)], show(node.parts[0], leaf))


@_show.register
def _(node: Map, leaf: Leaf) -> Formula:
    body = show(node.body, leaf)
    if node.function == identity:
        return body
    if node.function == reciprocal:
        return pt.Frac(Atom("1") if ex.is_scalar(node) else Atom("one"), body)
    name = node.function.name
    primes = len(name) - len(name.rstrip("'"))
    letter: Formula = Atom(name.rstrip("'"))
    if primes:
        letter = Script(letter, None, row(*["prime"] * primes))
    return pt.Call(letter, (body,))


@_show.register
def _(node: Bound, leaf: Leaf) -> Formula:
    op = "prod" if isinstance(node, OrderedProduct) else "sum"
    body = _grouped(node.body, leaf, (ex.Add,))
    low = row(index(node.index), "=", index(node.lower))
    big = pt.Big("prod" if op == "prod" else "sum", low, index(node.upper), body)
    only_jacobians = isinstance(node, OrderedProduct)
    return Role(big, "jacobian") if only_jacobians else big


def _partial(top: Formula, bottom: Formula) -> Formula:
    return pt.Frac(row("partial", top), row("partial", bottom))


@_show.register
def _(node: Derivative, leaf: Leaf) -> Formula:
    source = show(node.source, leaf)
    if node.source.shape[1] != ex.ONE:
        source = _called("vec", source)
    shown = _partial(show(node.target, leaf), source)
    role = _derivative_role(node)
    return Role(shown, role) if role else shown


def _derivative_role(node: Derivative) -> str:
    """Partial derivatives of f are the local term and the carrying one; ∂h_t/∂w is the unknown."""
    weights = node.source.kind in ("weights", "parameter")
    if isinstance(node.target, Call) and node.target.name == "f":
        return "local" if weights else "jacobian"
    is_state = isinstance(node.target, ex.Var) and node.target.kind == "state"
    return "unknown" if is_state and weights else ""


@_show.register
def _(node: Gradient, leaf: Leaf) -> Formula:
    return _partial(show(node.target, leaf), show(node.source, leaf))


@_show.register
def _(node: Call, leaf: Leaf) -> Formula:
    return pt.Call(Atom(node.name), tuple(show(argument, leaf) for argument in node.arguments))


@_show.register
def _(node: Entry, leaf: Leaf) -> Formula:
    """h_{t,i} for a column, (W)_{ij} for a matrix, ∂L/∂(W)_{ij} for a gradient."""
    if isinstance(node.body, Gradient):
        inner = Entry(node.body.source, node.row, node.col)
        return _partial(show(node.body.target, leaf), show(inner, leaf))
    place = row(index(node.row)) if node.body.shape[1] == ex.ONE else row(index(node.row), index(node.col))
    if isinstance(node.body, ex.Var) and (node.body.time is not None or "_" not in node.body.name):
        return _indexed(node.body, place)
    return Script(Paren(show(node.body, leaf)), place)
