"""How norms, spectral radii, powers and counts look."""

from __future__ import annotations

from derive import expr as ex
from derive.growth.formulas.nodes import Condition, Count, LargestEntry, Least, LeastEntry, Power, Radius, Size
from reports.formula.tree import Atom, Formula, Norm, Paren, Script, Words, row
from reports.present.core import Leaf, look, show
from reports.present.scalars import expression


def _of(letter: Formula, body: ex.Node, leaf: Leaf) -> Formula:
    return row(letter, Paren(show(body, leaf)))


@look.register
def _(node: Size, leaf: Leaf) -> Formula:
    """σ₁(W) of a parameter, ‖·‖ of anything else."""
    if isinstance(node.body, ex.Var) and node.body.kind == "parameter":
        return _of(Script(Atom("sigma"), Atom("1")), node.body, leaf)
    return Norm(show(node.body, leaf))


@look.register
def _(node: Least, leaf: Leaf) -> Formula:
    return _of(Script(Atom("sigma"), Atom("n")), node.body, leaf)


@look.register
def _(node: Radius, leaf: Leaf) -> Formula:
    return _of(Atom("rho"), node.body, leaf)


@look.register
def _(node: Condition, leaf: Leaf) -> Formula:
    return _of(Atom("kappa"), node.body, leaf)


@look.register(LargestEntry)
@look.register(LeastEntry)
def _(node: LargestEntry | LeastEntry, leaf: Leaf) -> Formula:
    """max |u|: of all entries."""
    name = "max" if isinstance(node, LargestEntry) else "min"
    return row(Atom(name), "thin", Paren(show(node.body, leaf), "|", "|"))


@look.register
def _(node: Count, leaf: Leaf) -> Formula:
    return Words("number of factors")


@look.register
def _(node: Power, leaf: Leaf) -> Formula:
    """W^k; a power of anything but a plain letter needs parentheses."""
    base, power = show(node.base, leaf), expression(node.exponent)
    if isinstance(node.base, ex.Var) and not isinstance(base, Script):
        return Script(base, None, power)
    if isinstance(base, Script) and base.sup is None:
        return Script(base.base, base.sub, power)
    return Script(Paren(base), None, power)
