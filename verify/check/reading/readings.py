"""The readings of a formula that has several.

Three choices, each made alike everywhere in a formula, or their number would be exponential: how far an unbracketed ∏,
∂/∂w, ∇_w reaches; how far a function without brackets does; and whether in A b ⊙ c the juxtaposition or the ⊙ binds
tighter.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

from verify.check.reading import tree as nodes
from verify.check.reading.tree import Tree
from verify.check.reading.walking import rebuilt, walk

_ENTRYWISE = frozenset("⊙∘⊗⊘")
_OPEN = nodes.Product | nodes.Derivative | nodes.Gradient | nodes.Applied


@dataclass(frozen=True)
class Choice:
    """``usual`` takes for every sign what is more common: all for ∏, the next factor for ∂_w and before a bracket."""

    usual: bool = True
    functions_reach: bool = True
    juxtaposition_first: bool = True

    def reaches(self, node: _OPEN) -> bool:
        """Whether all factors behind a sign belong to it."""
        if isinstance(node, nodes.Applied):
            return self.functions_reach
        far = node.extent == "open" and not isinstance(node, nodes.Gradient)
        if isinstance(node, nodes.Derivative):
            far = far and node.form == "fraction"
        return far == self.usual


def readings(tree: Tree) -> tuple[Tree, ...]:
    """All trees that a formula may mean, without open extents and mixed products; the most usual first."""
    found = [resolved(tree, choice) for choice in _choices(tree)]
    return tuple(dict.fromkeys(found))


def _choices(tree: Tree) -> list[Choice]:
    reach = functions = mixed = False
    for node in walk(tree):
        is_open = isinstance(node, _OPEN) and node.extent != "closed"
        functions = functions or (is_open and isinstance(node, nodes.Applied))
        reach = reach or (is_open and not isinstance(node, nodes.Applied))
        mixed = mixed or (isinstance(node, nodes.Times) and _is_mixed(node))
    options = [(True, False) if there else (True,) for there in (reach, functions, mixed)]
    return [Choice(*values) for values in product(*options)]


def _is_mixed(node: nodes.Times) -> bool:
    return len({kind in _ENTRYWISE for kind in node.kinds}) > 1


def resolved(tree: Tree, choice: Choice) -> Tree:
    """The tree under one choice."""
    row = _row(tree, choice)
    return _bound(row, choice) if isinstance(row, nodes.Times) else row


def _row(tree: Tree, choice: Choice) -> Tree:
    """As resolved, but what became a row of factors is left flat, for the row it stands in."""
    if isinstance(tree, nodes.Times):
        return _flattened(tree, choice)
    if isinstance(tree, _OPEN) and tree.extent != "closed":
        return _reached(tree, choice)
    return rebuilt(tree, lambda child: resolved(child, choice))


def _flattened(tree: nodes.Times, choice: Choice) -> nodes.Times:
    factors: list[Tree] = []
    kinds: list[str] = []
    for place, factor in enumerate(tree.factors):
        kinds += [tree.kinds[place - 1]] if place else []
        open_sign = isinstance(factor, _OPEN) and factor.extent != "closed"
        row = _row(factor, choice) if open_sign else resolved(factor, choice)
        if open_sign and isinstance(row, nodes.Times):
            factors += row.factors
            kinds += row.kinds
        else:
            factors.append(row)
    return replace(tree, factors=tuple(factors), kinds=tuple(kinds))


def _reached(tree: _OPEN, choice: Choice) -> Tree:
    """A sign with an open extent: with all that follows, or the row of it with its first factor and the others."""
    body = tree.arguments[0] if isinstance(tree, nodes.Applied) else _BODY[type(tree)](tree)
    if not isinstance(body, nodes.Times) or choice.reaches(tree):
        return _with_body(tree, resolved(body, choice))
    row = _flattened(body, choice)
    head = _with_body(tree, row.factors[0])
    return nodes.Times((head, *row.factors[1:]), row.kinds, span=tree.span)


_BODY: dict[type[Tree], Callable[[Tree], Tree]] = {
    nodes.Product: lambda node: node.body,  # type: ignore[attr-defined]
    nodes.Derivative: lambda node: node.of,  # type: ignore[attr-defined]
    nodes.Gradient: lambda node: node.of,  # type: ignore[attr-defined]
}


def _with_body(tree: _OPEN, body: Tree) -> Tree:
    if isinstance(tree, nodes.Applied):
        return replace(tree, arguments=(body,), extent="closed")
    if isinstance(tree, nodes.Product):
        return replace(tree, body=body, extent="closed")
    return replace(tree, of=body, extent="closed")


def _bound(tree: nodes.Times, choice: Choice) -> Tree:
    """A mixed row as a product of products."""
    if not _is_mixed(tree):
        return tree
    groups: list[list[Tree]] = [[tree.factors[0]]]
    inner: list[list[str]] = [[]]
    outer: list[str] = []
    for kind, factor in zip(tree.kinds, tree.factors[1:], strict=True):
        if (kind in _ENTRYWISE) == choice.juxtaposition_first:
            outer.append(kind)
            groups.append([factor])
            inner.append([])
        else:
            inner[-1].append(kind)
            groups[-1].append(factor)
    parts = tuple(_times(factors, kinds) for factors, kinds in zip(groups, inner, strict=True))
    return parts[0] if len(parts) == 1 else nodes.Times(parts, tuple(outer), span=tree.span)


def _times(factors: list[Tree], kinds: list[str]) -> Tree:
    if len(factors) == 1:
        return factors[0]
    start, end = factors[0].span, factors[-1].span
    return nodes.Times(tuple(factors), tuple(kinds), span=replace(start, end=end.end))
