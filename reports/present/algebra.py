"""How sums, products, transposes and constants look."""

from __future__ import annotations

import sympy as sp

from derive import expr as ex
from derive.entries import Entry
from derive.functions import reciprocal
from derive.nonlinear import Map, Softmax
from derive.sums import Bound
from reports.formula.tree import Atom, Formula, Matrix, Paren, Script, row
from reports.present.core import Leaf, grouped, look, show
from reports.present.index import index
from reports.present.names import indexed, raised, spelt


@look.register
def _(node: ex.Var, leaf: Leaf) -> Formula:
    return indexed(node)


@look.register
def _(node: ex.Fill, leaf: Leaf) -> Formula:
    if ex.is_scalar(node) or node.value == 0:
        return index(node.value)
    one = Atom("one") if node.shape[1] == ex.ONE else Script(Atom("one"), None, Atom("top"))
    return one if node.value == 1 else row(index(node.value), one)


@look.register
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


@look.register
def _(node: ex.Add, leaf: Leaf) -> Formula:
    items: list[Formula | str] = []
    for place, term in enumerate(node.args):
        negative, body = _sign(term)
        if negative or place:
            items.append("-" if negative else "+")
        items.append(grouped(body, leaf, (ex.Add,)))
    return row(*items)


@look.register
def _(node: ex.Scale, leaf: Leaf) -> Formula:
    negative, body = _sign(node)
    if negative:
        return row("-", grouped(body, leaf, (ex.Add,)))
    factor, shown = node.args[0], index(node.args[0])
    loose = factor.is_Add or isinstance(factor, sp.Product)
    return row(Paren(shown) if loose else shown, grouped(node.args[1], leaf, (ex.Add,)))


@look.register
def _(node: ex.MatMul, leaf: Leaf) -> Formula:
    """Factors side by side; a sum or product sign that is not last needs parentheses to say where it ends."""
    loose = (
        (ex.Add, ex.Scale, ex.Kron) if all(map(ex.is_scalar, node.args)) else (ex.Add, ex.Scale, ex.Hadamard, ex.Kron)
    )
    items = [grouped(factor, leaf, (*loose, Bound)) for factor in node.args[:-1]]
    items.append(grouped(node.args[-1], leaf, loose))
    return row(*_spaced(items))


def _spaced(items: list[Formula]) -> list[Formula | str]:
    """A thin space between two derivatives, which would otherwise touch."""
    out: list[Formula | str] = []
    for item in items:
        if out:
            out.append("thin")
        out.append(item)
    return out


@look.register
def _(node: ex.Hadamard, leaf: Leaf) -> Formula:
    if ex.is_scalar(node):
        return _scalar_product(node, leaf)
    items: list[Formula | str] = []
    for factor in node.args:
        divides = isinstance(factor, Map) and factor.function == reciprocal and bool(items)
        if items:
            items.append("oslash" if divides else "odot")
        body = factor.body if divides else factor
        items.append(grouped(body, leaf, (ex.Add, ex.MatMul, ex.Scale)))
    return row(*items)


def _scalar_product(node: ex.Hadamard, leaf: Leaf) -> Formula:
    """Numbers multiply without a sign, and equal ones become a power."""
    counts: dict[ex.Node, int] = {}
    for factor in node.args:
        counts[factor] = counts.get(factor, 0) + 1
    items: list[Formula] = []
    for factor, count in counts.items():
        shown = grouped(factor, leaf, (ex.Add, ex.Scale))
        items.append(raised(_base(shown, leaf(factor)), index(sp.Integer(count))) if count > 1 else shown)
    separator = "cdot" if any(leaf(factor) is not None for factor in counts) else "thin"
    return row(*[x for item in items for x in (separator, item)][1:])


def _base(shown: Formula, number: Formula | None) -> Formula:
    """What may carry a power: a number only in parentheses."""
    return shown if number is None or isinstance(number, Paren) else Paren(number)


@look.register
def _(node: ex.Transpose, leaf: Leaf) -> Formula:
    simple = (ex.Var, ex.Fill, Softmax, Entry, ex.Block, ex.Part)
    shown = show(node.args[0], leaf)
    return raised(shown if isinstance(node.args[0], simple) else Paren(shown), Atom("top"))


@look.register
def _(node: ex.Block, leaf: Leaf) -> Formula:
    return Matrix(tuple(tuple(show(block, leaf) for block in blocks) for blocks in node.rows))


@look.register
def _(node: ex.Part, leaf: Leaf) -> Formula:
    """[v]_h, the rows of v that belong to h."""
    return Script(Paren(show(node.args[0], leaf), "[", "]"), spelt(node.label))


@look.register
def _(node: ex.Commutation, leaf: Leaf) -> Formula:
    """K_{n,m}, the matrix that turns vec(X) into vec(Xᵀ)."""
    return Script(Atom("K"), row(index(node.args[0]), ",", index(node.args[1])))


@look.register
def _(node: ex.Kron, leaf: Leaf) -> Formula:
    left, right = (grouped(part, leaf, (ex.Add, ex.MatMul)) for part in node.args)
    return row(left, "otimes", right)
