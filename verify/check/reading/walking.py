"""Going through trees and rebuilding them, whatever their nodes are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import cache
from typing import Any

from verify.check.reading.tree import Tree


@cache
def _fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name != "span")


def _parts(tree: Tree) -> tuple[str, ...]:
    kind: type = type(tree)
    return _fields(kind)


def children(tree: Tree) -> Iterator[Tree]:
    """The nodes right below, in the order of writing."""
    for name in _parts(tree):
        yield from _trees(getattr(tree, name))


def _trees(value: Any) -> Iterator[Tree]:
    if isinstance(value, Tree):
        yield value
    elif isinstance(value, tuple):
        for entry in value:
            yield from _trees(entry)


def walk(tree: Tree) -> Iterator[Tree]:
    """The tree and all below it; does not recurse."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(children(node))


def depth(tree: Tree) -> int:
    """How many nodes stand below one another; does not recurse."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        waiting.extend((child, level + 1) for child in children(node))
    return deepest


def rebuilt(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """The same node with ``change`` done to the nodes right below."""
    parts = {name: getattr(tree, name) for name in _parts(tree)}
    changed = {name: _changed(value, change) for name, value in parts.items()}
    new = {name: value for name, value in changed.items() if value is not parts[name]}
    return replace(tree, **new) if new else tree


def _changed(value: Any, change: Callable[[Tree], Tree]) -> Any:
    if isinstance(value, Tree):
        return change(value)
    if isinstance(value, tuple):
        new = tuple(_changed(entry, change) for entry in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new
    return value
