"""What a part of a formula looks like, whatever it is worth."""

from __future__ import annotations

from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.reading.walking import walk


def is_slope(tree: Tree) -> bool:
    """The slope of an activation: ϕ′(z), 1 − h², h ⊙ (1 − h), and diag of such."""
    if isinstance(tree, tr.Applied):
        inner = len(tree.arguments) == 1 and tree.function.base == "diag" and is_slope(tree.arguments[0])
        return tree.primes > 0 or inner
    if isinstance(tree, tr.Times):
        return len(tree.factors) == 2 and _is_logistic(*tree.factors)
    if isinstance(tree, tr.Power):
        return is_slope(tree.base)
    return isinstance(tree, tr.Add) and _is_difference(tree) and any(_is_square(own) for own in walk(tree))


def _is_logistic(one: Tree, other: Tree) -> bool:
    """h and 1 − h."""
    return isinstance(other, tr.Add) and _is_difference(other) and _bare(other.terms[1]) == one


def _is_difference(tree: tr.Add) -> bool:
    """1 ± something."""
    return len(tree.terms) == 2 and tree.terms[0] == tr.Number("1")


def _is_square(tree: Tree) -> bool:
    if isinstance(tree, tr.Times):
        return len(tree.factors) == 2 and tree.factors[0] == tree.factors[1]
    two = tr.Number("2")
    return (isinstance(tree, tr.Power) and tree.exponent == two) or (
        isinstance(tree, tr.Name) and tree.superscript == two
    )


def _bare(tree: Tree) -> Tree:
    return tree.body if isinstance(tree, tr.Negative) else tree
