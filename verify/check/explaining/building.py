"""Sums and products put together, without brackets that say nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from verify.check.reading import tree as tr
from verify.check.reading.tree import Tree
from verify.check.reading.walking import rebuilt

ENTRYWISE = ("⊙", "∘")
_PLAIN = ("", "·", "×", "*")


def product(factors: Sequence[Tree], kinds: Sequence[str] = ()) -> Tree:
    """A single factor is itself, and none is one."""
    if len(factors) < 2:
        return factors[0] if factors else tr.Number("1")
    return tr.Times(tuple(factors), tuple(kinds) or ("",) * (len(factors) - 1))


def total(*terms: Tree) -> Tree:
    return terms[0] if len(terms) == 1 else tr.Add(terms)


def negated(tree: Tree) -> Tree:
    """−x; of a sum, term by term, so that y − o becomes o − y."""
    if isinstance(tree, tr.Negative):
        return tree.body
    if isinstance(tree, tr.Add):
        terms = [negated(term) for term in tree.terms]
        return tr.Add(tuple(sorted(terms, key=lambda term: isinstance(term, tr.Negative))))
    return tr.Negative(tree)


def without(node: tr.Times, start: int, stop: int) -> Tree:
    """The product without some of its factors, which stand side by side."""
    factors = node.factors[:start] + node.factors[stop:]
    kinds = node.kinds[:start] + node.kinds[stop:] if start == 0 else node.kinds[: start - 1] + node.kinds[stop - 1 :]
    return product(factors, kinds)


def inserted(node: Tree, place: int, factor: Tree, kind: str = "") -> Tree:
    """The product with one factor more, before the ``place``-th."""
    if not isinstance(node, tr.Times):
        return product((factor, node) if place == 0 else (node, factor), (kind,))
    kinds = (*node.kinds[:place], kind, *node.kinds[place:]) if place else (kind, *node.kinds)
    return product((*node.factors[:place], factor, *node.factors[place:]), kinds[: len(node.factors)])


def tidy(tree: Tree) -> Tree:
    """The same formula with products in products and sums in sums written as one, where that changes nothing."""
    tree = rebuilt(tree, tidy)
    if isinstance(tree, tr.Add) and any(isinstance(term, tr.Add) for term in tree.terms):
        return tr.Add(tuple(part for term in tree.terms for part in _terms(term)))
    if isinstance(tree, tr.Times) and any(_is_row(factor) for factor in tree.factors):
        return _flat(tree)
    if isinstance(tree, tr.Negative) and isinstance(tree.body, tr.Negative):
        return tree.body.body
    if isinstance(tree, tr.Transposed) and isinstance(tree.body, tr.Transposed):
        return tree.body.body
    return tree


def _terms(tree: Tree) -> Iterator[Tree]:
    yield from tree.terms if isinstance(tree, tr.Add) else (tree,)


def _is_row(tree: Tree) -> bool:
    return isinstance(tree, tr.Times) and all(kind in _PLAIN for kind in tree.kinds)


def _flat(tree: tr.Times) -> Tree:
    factors: list[Tree] = []
    kinds: list[str] = []
    for place, factor in enumerate(tree.factors):
        kinds += [tree.kinds[place - 1]] if place else []
        if _is_row(factor) and isinstance(factor, tr.Times):
            factors += factor.factors
            kinds += factor.kinds
        else:
            factors.append(factor)
    return tr.Times(tuple(factors), tuple(kinds))
