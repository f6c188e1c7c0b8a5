"""The entry points, and the table of rules: one small function a node, registered by the modules beside this one."""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatch

import sympy as sp

from derive import expr as ex
from derive.derivation import Prose
from reports.formula.tree import Formula, Paren
from reports.present.index import index

Leaf = Callable[[ex.Node], "Formula | None"]


def nothing(node: ex.Node) -> Formula | None:
    """No leaf has a look of its own."""
    return None


def show(node: ex.Node, leaf: Leaf = nothing) -> Formula:
    """The formula of an expression; ``leaf`` may give a node a look of its own (a number, say)."""
    own = leaf(node)
    return own if own is not None else look(node, leaf)


def prose(parts: Prose) -> tuple[str | Formula, ...]:
    """Explaining text: words as they are, expressions and indices as formulas."""
    return tuple(part if isinstance(part, str) else _inline(part) for part in parts)


def _inline(part: ex.Node | sp.Expr) -> Formula:
    return show(part) if isinstance(part, ex.Node) else index(part)


@singledispatch
def look(node: ex.Node, leaf: Leaf) -> Formula:
    """The rule of a node's type."""
    raise NotImplementedError(f"no look for {type(node).__name__}")


def grouped(node: ex.Node, leaf: Leaf, inside: tuple[type, ...]) -> Formula:
    """The node, in parentheses when it is of one of these types."""
    shown = show(node, leaf)
    return Paren(shown) if isinstance(node, inside) else shown
