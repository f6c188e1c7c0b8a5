"""From trees to text: where brackets are needed.  What a fraction or a script looks like is the Style's affair."""

from __future__ import annotations

from functools import singledispatch

from verify.check.reading import tree as nodes
from verify.check.reading.scripts import LABELS, UPRIGHT
from verify.check.reading.styles import Style
from verify.check.reading.tree import Tree
from verify.check.reading.walking import walk

SUM, PRODUCT, REACH, ATOM = range(4)
"""How tightly a text holds together; REACH is a sign that takes in whatever is written behind it."""
Written = tuple[str, int]


def at_least(tree: Tree, level: int, style: Style) -> str:
    text, own = written(tree, style)
    return text if own >= level else style.brackets(text)


@singledispatch
def written(tree: Tree, style: Style) -> Written:
    raise TypeError(f"no text for {type(tree).__name__}")


@written.register
def _(tree: nodes.Number, style: Style) -> Written:
    return tree.digits, ATOM


@written.register
def _(tree: nodes.Name, style: Style) -> Written:
    text = style.letter(tree)
    if tree.subscripts:
        text += style.sub(listed(tree.subscripts, style))
    text += "'" * tree.primes
    return text + _label(tree.superscript, style), ATOM


def listed(trees: tuple[Tree, ...], style: Style) -> str:
    return ", ".join(index_text(tree, style) for tree in trees)


def index_text(tree: Tree, style: Style) -> str:
    """In a script a word needs no font: W_{hh}."""
    if isinstance(tree, nodes.Name) and tree.base.isascii() and tree.base.isalnum() and not tree.font:
        bare = nodes.Name(tree.base)
        return tree.base if tree == bare and not tree.base.isdigit() else written(tree, style)[0]
    return written(tree, style)[0]


def _label(superscript: Tree | None, style: Style) -> str:
    if superscript is None:
        return ""
    if superscript == nodes.Name("*"):
        return style.sup("*")
    bare = isinstance(superscript, nodes.Name) and superscript.font in UPRIGHT
    bare = bare and len(list(walk(superscript))) == 1
    several = isinstance(superscript, nodes.Listed) and superscript.bracket == "("
    text = listed(superscript.entries, style) if several else index_text(superscript, style)  # type: ignore[attr-defined]
    return style.sup(text if bare else f"({text})")


@written.register
def _(tree: nodes.Add, style: Style) -> Written:
    text = ""
    for place, term in enumerate(tree.terms):
        if isinstance(term, nodes.Negative):
            text += (" - " if place else "-") + at_least(term.body, PRODUCT, style)
        else:
            text += (" + " if place else "") + at_least(term, PRODUCT, style)
    return text, SUM


@written.register
def _(tree: nodes.Negative, style: Style) -> Written:
    return "-" + at_least(tree.body, PRODUCT, style), SUM


@written.register
def _(tree: nodes.Times, style: Style) -> Written:
    text = ""
    for place, factor in enumerate(tree.factors):
        kind = tree.kinds[place] if place < len(tree.kinds) else None
        ends = kind is None or (kind and isinstance(factor, nodes.Applied))
        written = at_least(factor, REACH if ends else ATOM, style)
        if place and not tree.kinds[place - 1] and _would_call(tree.factors[place - 1], written, style):
            written = style.gap + written
        text += written + ("" if kind is None else style.sign(kind))
    return text, PRODUCT


def _would_call(before: Tree, written: str, style: Style) -> bool:
    """Whether a factor in brackets would be read as the argument of the name before it."""
    return written.startswith(style.opening)


@written.register
def _(tree: nodes.Quotient, style: Style) -> Written:
    if style.fraction:
        return style.fraction(written(tree.numerator, style)[0], written(tree.denominator, style)[0]), ATOM
    return f"{at_least(tree.numerator, ATOM, style)}/{at_least(tree.denominator, ATOM, style)}", PRODUCT


@written.register
def _(tree: nodes.Power, style: Style) -> Written:
    return _nucleus(tree.base, tree.exponent, style) + style.sup(index_text(tree.exponent, style)), ATOM


@written.register
def _(tree: nodes.Transposed, style: Style) -> Written:
    return _nucleus(tree.body, None, style) + style.transpose, ATOM


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
    text = written(base, style)[0]
    return text if bare else style.brackets(text)


@written.register
def _(tree: nodes.Indexed, style: Style) -> Written:
    text = style.brackets(written(tree.body, style)[0])
    if isinstance(tree.body, nodes.Listed):
        text = written(tree.body, style)[0]
    sub = style.sub(listed(tree.subscripts, style)) if tree.subscripts else ""
    return text + sub + _label(tree.superscript, style), ATOM


@written.register
def _(tree: nodes.Run, style: Style) -> Written:
    return style.dots, ATOM


@written.register
def _(tree: nodes.Relation, style: Style) -> Written:
    return f"{index_text(tree.left, style)}{style.relation(tree.sign)}{index_text(tree.right, style)}", SUM


@written.register
def _(tree: nodes.Evaluated, style: Style) -> Written:
    return style.evaluated(written(tree.body, style)[0], listed(tree.at, style)), ATOM


@written.register
def _(tree: nodes.Norm, style: Style) -> Written:
    sub = "" if tree.subscript is None else style.sub(index_text(tree.subscript, style))
    return style.norm(written(tree.body, style)[0], tree.bars) + sub, ATOM


@written.register
def _(tree: nodes.Listed, style: Style) -> Written:
    return style.brackets(", ".join(written(entry, style)[0] for entry in tree.entries), tree.bracket), ATOM


@written.register
def _(tree: nodes.Matrix, style: Style) -> Written:
    return style.matrix([[written(cell, style)[0] for cell in row] for row in tree.rows], tree.bracket), ATOM
