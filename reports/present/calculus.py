"""How functions, sums over time, derivatives and entries look."""

from __future__ import annotations

from derive import expr as ex
from derive.derivatives import Call, Derivative, Gradient
from derive.entries import Entry
from derive.functions import identity, reciprocal
from derive.nonlinear import LogSumExp, Map, Softmax
from derive.sums import Bound, OrderedProduct
from reports.formula import tree as pt
from reports.formula.tree import Atom, Formula, Paren, Role, Script, row
from reports.present.core import Leaf, grouped, look, show
from reports.present.index import index
from reports.present.names import indexed, spelt


def _called(name: str, *arguments: Formula) -> Formula:
    return pt.Call(Atom(name), arguments)


@look.register(ex.Diag)
@look.register(ex.Vec)
@look.register(LogSumExp)
@look.register(Softmax)
def _(node: ex.Node, leaf: Leaf) -> Formula:
    names = {ex.Diag: "diag", ex.Vec: "vec", LogSumExp: "lse", Softmax: "softmax"}
    return _called(names[type(node)], show(node.parts[0], leaf))


@look.register
def _(node: Map, leaf: Leaf) -> Formula:
    body = show(node.body, leaf)
    if node.function == identity:
        return body
    if isinstance(body, Paren):
        body = body.body  # a negative number; the call brings its own parentheses
    if node.function == reciprocal:
        return pt.Frac(Atom("1") if ex.is_scalar(node) else Atom("one"), body)
    name = node.function.name
    primes = len(name) - len(name.rstrip("'"))
    letter: Formula = Atom(name.rstrip("'"))
    if primes:
        letter = Script(letter, None, row(*["prime"] * primes))
    return pt.Call(letter, (body,))


@look.register
def _(node: Bound, leaf: Leaf) -> Formula:
    op = "prod" if isinstance(node, OrderedProduct) else "sum"
    body = grouped(node.body, leaf, (ex.Add,))
    low = row(index(node.index), "=", index(node.lower))
    big = pt.Big("prod" if op == "prod" else "sum", low, index(node.upper), body)
    only_jacobians = isinstance(node, OrderedProduct)
    return Role(big, "jacobian") if only_jacobians else big


def _partial(top: Formula, bottom: Formula) -> Formula:
    return pt.Frac(row("partial", top), row("partial", bottom))


@look.register
def _(node: Derivative, leaf: Leaf) -> Formula:
    source = show(node.source, leaf)
    if node.source.shape[1] != ex.ONE:
        source = _called("vec", source)
    shown = _partial(show(node.target, leaf), source)
    role = _derivative_role(node)
    return Role(shown, role) if role else shown


def _derivative_role(node: Derivative) -> str:
    """Partial derivatives of the cell's step are the local term and the carrying one; ∂h_t/∂w is the unknown."""
    source, target = node.source, node.target
    weights = source.kind in ("weights", "parameter")
    if isinstance(target, Call):
        carries = not weights and source.time != target.output.time
        return "local" if weights else "jacobian" if carries else ""
    return "unknown" if weights and isinstance(target, ex.Var) and target.kind != "loss" else ""


@look.register
def _(node: Gradient, leaf: Leaf) -> Formula:
    return _partial(show(node.target, leaf), show(node.source, leaf))


@look.register
def _(node: Call, leaf: Leaf) -> Formula:
    return pt.Call(spelt(node.name), tuple(show(argument, leaf) for argument in node.arguments))


@look.register
def _(node: Entry, leaf: Leaf) -> Formula:
    """h_{t,i} of what has a time, (b)_i and (W)_{ij} of what has none, ∂L/∂(W)_{ij} for a gradient.

    Without its brackets an entry of a parameter would be read as something of a step: b_i is what step i adds.
    """
    if isinstance(node.body, Gradient):
        inner = Entry(node.body.source, node.row, node.col)
        return _partial(show(node.body.target, leaf), show(inner, leaf))
    place = row(index(node.row)) if node.body.shape[1] == ex.ONE else row(index(node.row), index(node.col))
    if isinstance(node.body, ex.Var) and node.body.time is not None:
        return indexed(node.body, place)
    return Script(Paren(show(node.body, leaf)), place)
