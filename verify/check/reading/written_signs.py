"""From trees to text: signs that reach over what follows, and functions."""

from __future__ import annotations

from verify.check.reading import tree as nodes
from verify.check.reading.styles import Style
from verify.check.reading.tree import Tree
from verify.check.reading.written import ATOM, PRODUCT, REACH, Written, at_least, index_text, written


@written.register
def _(tree: nodes.Applied, style: Style) -> Written:
    name = style.function(written(tree.function, style)[0], tree.function)
    if tree.extent != "closed":
        return f"{name} {_operand(tree.arguments[0], tree.extent, style)}", REACH
    return name + style.brackets(", ".join(written(argument, style)[0] for argument in tree.arguments)), ATOM


def _operand(body: Tree, extent: nodes.Extent, style: Style) -> str:
    """What a reaching sign stands before."""
    if extent == "closed" or not isinstance(body, nodes.Times):
        return at_least(body, REACH, style)
    if extent == "open":
        return written(body, style)[0]
    first, rest = body.factors[0], nodes.Times(body.factors[1:], body.kinds[1:])
    others = at_least(rest.factors[0], REACH, style) if len(rest.factors) == 1 else written(rest, style)[0]
    gap = style.gap if not body.kinds[0] and others.startswith(style.opening) else ""
    return style.brackets(written(first, style)[0]) + style.sign(body.kinds[0]) + gap + others


@written.register(nodes.Sum)
@written.register(nodes.Product)
def _(tree: nodes.Sum | nodes.Product, style: Style) -> Written:
    sign = style.big("Σ" if isinstance(tree, nodes.Sum) else "∏")
    if isinstance(tree, nodes.Sum):
        body = at_least(tree.body, PRODUCT, style)
    else:
        body = _operand(tree.body, tree.extent, style)
    return f"{sign}{_limits(tree, style)} {body}", REACH


def _limits(tree: nodes.Sum | nodes.Product, style: Style) -> str:
    index = written(tree.index, style)[0]
    lower = None if tree.lower is None else index_text(tree.lower, style)
    upper = None if tree.upper is None else index_text(tree.upper, style)
    if lower is None:
        return style.sub(index if upper is None else f"{index} {style.relation('≤')} {upper}")
    if upper is None:
        return style.sub(f"{index} {style.relation('≥')} {lower}")
    return style.sub(f"{index}={lower}") + style.sup(upper)


@written.register
def _(tree: nodes.Derivative, style: Style) -> Written:
    d = style.differential(tree.total)
    if tree.immediate:
        return _immediate(tree, style)
    if tree.form == "subscript":
        return f"{d}{style.sub(index_text(tree.by, style))} {_operand(tree.of, tree.extent, style)}", REACH
    by = d + at_least(tree.by, PRODUCT if style.fraction else ATOM, style)
    if tree.form == "fraction":
        operator = style.fraction(d, by) if style.fraction else f"{d}/{by}"
        return f"{operator} {_operand(tree.of, tree.extent, style)}", REACH
    of = d + at_least(tree.of, PRODUCT if style.fraction else ATOM, style)
    return (style.fraction(of, by) if style.fraction else f"{of}/{by}"), ATOM


def _immediate(tree: nodes.Derivative, style: Style) -> Written:
    """∂⁺ is written above only."""
    plain, marked = style.differential(False), style.differential(False).strip() + style.sup("+")
    level = PRODUCT if style.fraction else ATOM
    above = marked if tree.form else marked + " " + at_least(tree.of, level, style)
    below = plain + at_least(tree.by, level, style)
    text = style.fraction(above, below) if style.fraction else f"{above}/{below}"
    return (f"{text} {_operand(tree.of, tree.extent, style)}", REACH) if tree.form else (text, ATOM)


@written.register
def _(tree: nodes.Gradient, style: Style) -> Written:
    sign = style.nabla + ("" if tree.by is None else style.sub(index_text(tree.by, style)))
    return f"{sign} {_operand(tree.of, tree.extent, style)}", REACH
