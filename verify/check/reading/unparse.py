"""Trees as text: plain for messages (``unparse``), and LaTeX that the reader reads as the same tree (``latex``).

One function a node decides on brackets; how a fraction or a script looks is the Style's affair.
"""

from __future__ import annotations

from functools import singledispatch

from verify.check.reading import tree as nodes
from verify.check.reading.scripts import LABELS, UPRIGHT
from verify.check.reading.styles import LATEX, PLAIN, Style
from verify.check.reading.tree import Tree
from verify.check.reading.walking import walk

_SUM, _PRODUCT, _REACH, _ATOM = range(4)
"""How tightly a text holds together; _REACH is a sign that takes in whatever is written behind it."""
Written = tuple[str, int]


def unparse(tree: Tree) -> str:
    """∂h_t/∂w_h = … in plain characters, on one line."""
    return _written(tree, PLAIN)[0]


def latex(tree: Tree) -> str:
    """LaTeX mathematics without delimiters."""
    return _written(tree, LATEX)[0]


def _at_least(tree: Tree, level: int, style: Style) -> str:
    text, own = _written(tree, style)
    return text if own >= level else style.brackets(text)


@singledispatch
def _written(tree: Tree, style: Style) -> Written:
    raise TypeError(f"no text for {type(tree).__name__}")


@_written.register
def _(tree: nodes.Number, style: Style) -> Written:
    return tree.digits, _ATOM


@_written.register
def _(tree: nodes.Name, style: Style) -> Written:
    text = style.letter(tree)
    if tree.subscripts:
        text += style.sub(_listed(tree.subscripts, style))
    text += "'" * tree.primes
    return text + _label(tree.superscript, style), _ATOM


def _listed(trees: tuple[Tree, ...], style: Style) -> str:
    return ", ".join(_index(tree, style) for tree in trees)


def _index(tree: Tree, style: Style) -> str:
    """In a script a word needs no font: W_{hh}."""
    if isinstance(tree, nodes.Name) and tree.base.isascii() and tree.base.isalnum() and not tree.font:
        bare = nodes.Name(tree.base)
        return tree.base if tree == bare and not tree.base.isdigit() else _written(tree, style)[0]
    return _written(tree, style)[0]


def _label(superscript: Tree | None, style: Style) -> str:
    if superscript is None:
        return ""
    if superscript == nodes.Name("*"):
        return style.sup("*")
    bare = isinstance(superscript, nodes.Name) and superscript.font in UPRIGHT
    bare = bare and len(list(walk(superscript))) == 1
    several = isinstance(superscript, nodes.Listed) and superscript.bracket == "("
    text = _listed(superscript.entries, style) if several else _index(superscript, style)  # type: ignore[attr-defined]
    return style.sup(text if bare else f"({text})")


@_written.register
def _(tree: nodes.Add, style: Style) -> Written:
    text = ""
    for place, term in enumerate(tree.terms):
        if isinstance(term, nodes.Negative):
            text += (" - " if place else "-") + _at_least(term.body, _PRODUCT, style)
        else:
            text += (" + " if place else "") + _at_least(term, _PRODUCT, style)
    return text, _SUM


@_written.register
def _(tree: nodes.Negative, style: Style) -> Written:
    return "-" + _at_least(tree.body, _PRODUCT, style), _SUM


@_written.register
def _(tree: nodes.Times, style: Style) -> Written:
    text = ""
    for place, factor in enumerate(tree.factors):
        kind = tree.kinds[place] if place < len(tree.kinds) else None
        ends = kind is None or (kind and isinstance(factor, nodes.Applied))
        written = _at_least(factor, _REACH if ends else _ATOM, style)
        if place and not tree.kinds[place - 1] and _would_call(tree.factors[place - 1], written, style):
            written = style.gap + written
        text += written + ("" if kind is None else style.sign(kind))
    return text, _PRODUCT


def _would_call(before: Tree, written: str, style: Style) -> bool:
    """Whether a factor in brackets would be read as the argument of the name before it."""
    return written.startswith(style.opening)


@_written.register
def _(tree: nodes.Quotient, style: Style) -> Written:
    if style.fraction:
        return style.fraction(_written(tree.numerator, style)[0], _written(tree.denominator, style)[0]), _ATOM
    return f"{_at_least(tree.numerator, _ATOM, style)}/{_at_least(tree.denominator, _ATOM, style)}", _PRODUCT


@_written.register
def _(tree: nodes.Power, style: Style) -> Written:
    return _nucleus(tree.base, tree.exponent, style) + style.sup(_index(tree.exponent, style)), _ATOM


@_written.register
def _(tree: nodes.Transposed, style: Style) -> Written:
    return _nucleus(tree.body, None, style) + style.transpose, _ATOM


def _nucleus(base: Tree, exponent: Tree | None, style: Style) -> str:
    """What a superscript may hang on without hanging on something else, or becoming a label."""
    bare = isinstance(base, nodes.Number | nodes.Norm | nodes.Matrix | nodes.Listed)
    if isinstance(base, nodes.Name) and not base.superscript and not base.primes:
        word = (
            isinstance(exponent, nodes.Name)
            and not exponent.subscripts
            and (len(exponent.base) > 1 or exponent.base in LABELS or exponent.font in UPRIGHT)
        )
        bare = not word
    if isinstance(base, nodes.Applied):
        bare = base.extent == "closed"
    text = _written(base, style)[0]
    return text if bare else style.brackets(text)


@_written.register
def _(tree: nodes.Indexed, style: Style) -> Written:
    text = style.brackets(_written(tree.body, style)[0])
    if isinstance(tree.body, nodes.Listed):
        text = _written(tree.body, style)[0]
    sub = style.sub(_listed(tree.subscripts, style)) if tree.subscripts else ""
    return text + sub + _label(tree.superscript, style), _ATOM


@_written.register
def _(tree: nodes.Applied, style: Style) -> Written:
    name = style.function(_written(tree.function, style)[0], tree.function)
    if tree.extent != "closed":
        return f"{name} {_operand(tree.arguments[0], tree.extent, style)}", _REACH
    return name + style.brackets(", ".join(_written(argument, style)[0] for argument in tree.arguments)), _ATOM


def _operand(body: Tree, extent: nodes.Extent, style: Style) -> str:
    """What a reaching sign stands before."""
    if extent == "closed" or not isinstance(body, nodes.Times):
        return _at_least(body, _REACH, style)
    if extent == "open":
        return _written(body, style)[0]
    first, rest = body.factors[0], nodes.Times(body.factors[1:], body.kinds[1:])
    others = _at_least(rest.factors[0], _REACH, style) if len(rest.factors) == 1 else _written(rest, style)[0]
    gap = style.gap if not body.kinds[0] and others.startswith(style.opening) else ""
    return style.brackets(_written(first, style)[0]) + style.sign(body.kinds[0]) + gap + others


@_written.register(nodes.Sum)
@_written.register(nodes.Product)
def _(tree: nodes.Sum | nodes.Product, style: Style) -> Written:
    sign = style.big("Σ" if isinstance(tree, nodes.Sum) else "∏")
    if isinstance(tree, nodes.Sum):
        body = _at_least(tree.body, _PRODUCT, style)
    else:
        body = _operand(tree.body, tree.extent, style)
    return f"{sign}{_limits(tree, style)} {body}", _REACH


def _limits(tree: nodes.Sum | nodes.Product, style: Style) -> str:
    index = _written(tree.index, style)[0]
    lower = None if tree.lower is None else _index(tree.lower, style)
    upper = None if tree.upper is None else _index(tree.upper, style)
    if lower is None:
        return style.sub(index if upper is None else f"{index} {style.relation('≤')} {upper}")
    if upper is None:
        return style.sub(f"{index} {style.relation('≥')} {lower}")
    return style.sub(f"{index}={lower}") + style.sup(upper)


@_written.register
def _(tree: nodes.Run, style: Style) -> Written:
    return style.dots, _ATOM


@_written.register
def _(tree: nodes.Derivative, style: Style) -> Written:
    d = style.differential(tree.total)
    if tree.immediate:
        return _immediate(tree, style)
    if tree.form == "subscript":
        return f"{d}{style.sub(_index(tree.by, style))} {_operand(tree.of, tree.extent, style)}", _REACH
    by = d + _at_least(tree.by, _PRODUCT if style.fraction else _ATOM, style)
    if tree.form == "fraction":
        operator = style.fraction(d, by) if style.fraction else f"{d}/{by}"
        return f"{operator} {_operand(tree.of, tree.extent, style)}", _REACH
    of = d + _at_least(tree.of, _PRODUCT if style.fraction else _ATOM, style)
    return (style.fraction(of, by) if style.fraction else f"{of}/{by}"), _ATOM


def _immediate(tree: nodes.Derivative, style: Style) -> Written:
    """∂⁺ is written above only."""
    plain, marked = style.differential(False), style.differential(False).strip() + style.sup("+")
    level = _PRODUCT if style.fraction else _ATOM
    above = marked if tree.form else marked + " " + _at_least(tree.of, level, style)
    below = plain + _at_least(tree.by, level, style)
    text = style.fraction(above, below) if style.fraction else f"{above}/{below}"
    return (f"{text} {_operand(tree.of, tree.extent, style)}", _REACH) if tree.form else (text, _ATOM)


@_written.register
def _(tree: nodes.Gradient, style: Style) -> Written:
    sign = style.nabla + ("" if tree.by is None else style.sub(_index(tree.by, style)))
    return f"{sign} {_operand(tree.of, tree.extent, style)}", _REACH


@_written.register
def _(tree: nodes.Relation, style: Style) -> Written:
    return f"{_index(tree.left, style)}{style.relation(tree.sign)}{_index(tree.right, style)}", _SUM


@_written.register
def _(tree: nodes.Evaluated, style: Style) -> Written:
    return style.evaluated(_written(tree.body, style)[0], _listed(tree.at, style)), _ATOM


@_written.register
def _(tree: nodes.Norm, style: Style) -> Written:
    sub = "" if tree.subscript is None else style.sub(_index(tree.subscript, style))
    return style.norm(_written(tree.body, style)[0], tree.bars) + sub, _ATOM


@_written.register
def _(tree: nodes.Listed, style: Style) -> Written:
    return style.brackets(", ".join(_written(entry, style)[0] for entry in tree.entries), tree.bracket), _ATOM


@_written.register
def _(tree: nodes.Matrix, style: Style) -> Written:
    return style.matrix([[_written(cell, style)[0] for cell in row] for row in tree.rows], tree.bracket), _ATOM
