"""Sums and ordered products over a time index with symbolic limits.

The product of Jacobians is ordered: ∏_{j=i+1}^{t} c_j = c_t c_{t−1} ⋯ c_{i+1}, the later factor on the left, and the
empty product is the identity.  (SymPy's ``Product`` commutes and multiplies in ascending order.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import sympy as sp

from derive.errors import ShapeError
from derive.expr import MatMul, Node, shaped
from derive.indices import fresh, scalar
from derive.node import make


class Bound(Node):
    """A node that binds an index: body, index, lower and upper limit (both included)."""

    @property
    def body(self) -> Node:
        return self.args[0]

    @property
    def index(self) -> sp.Symbol:
        return self.args[1]

    @property
    def lower(self) -> sp.Expr:
        return self.args[2]

    @property
    def upper(self) -> sp.Expr:
        return self.args[3]


class Sum(Bound):
    """Σ_{index=lower}^{upper} body; zero when the range is empty."""

    def __new__(cls, body: Node, index: sp.Symbol, lower: sp.Expr | int, upper: sp.Expr | int) -> Sum:
        return make(cls, body.shape, body, index, scalar(lower), scalar(upper))


class OrderedProduct(Bound):
    """body(upper) ⋯ body(lower), the later factor on the left; the identity when the range is empty."""

    def __new__(cls, body: Node, index: sp.Symbol, lower: sp.Expr | int, upper: sp.Expr | int) -> OrderedProduct:
        if body.shape[0] != body.shape[1]:
            raise ShapeError(f"an ordered product needs square factors, got {shaped(body)}")
        return make(cls, body.shape, body, index, scalar(lower), scalar(upper))


Replace = Callable[[Node], Node | None]


def rewrite(node: Node, replace: Replace) -> Node:
    """Rebuild ``node`` from the leaves up, simplifying; ``replace`` is asked first, at every node, top down."""
    from derive.build import rebuild

    new = replace(node)
    if new is not None:
        return new
    args = tuple(rewrite(a, replace) if isinstance(a, Node) else a for a in node.args)
    unchanged = all(a is b for a, b in zip(args, node.args, strict=True))
    return node if unchanged else rebuild(type(node), args)


def substitute(node: Node, table: Mapping[Node, Node]) -> Node:
    """Replace whole sub-expressions; a product is also found inside a longer one."""

    def replace(part: Node) -> Node | None:
        new = table.get(part)
        return _inside_product(part, table) if new is None and isinstance(part, MatMul) else new

    return rewrite(node, replace)


def _inside_product(node: MatMul, table: Mapping[Node, Node]) -> Node | None:
    from derive.build import matmul

    for old, new in table.items():
        if not isinstance(old, MatMul):
            continue
        length = len(old.args)
        for place in range(len(node.args) - length + 1):
            if node.args[place : place + length] == old.args:
                rest = matmul(*node.args[:place], new, *node.args[place + length :])
                return substitute(rest, table)
    return None


def reindex(node: Node, table: Mapping[sp.Symbol, sp.Expr]) -> Node:
    """Replace free indices, renaming a bound one that would capture a replacement: {t: t−1} turns h_t into h_{t−1}."""
    from derive.build import rebuild

    if not node.free_symbols & table.keys():
        return node
    if isinstance(node, Bound):
        return _reindex_bound(node, table)
    args = tuple(reindex(a, table) if isinstance(a, Node) else a.xreplace(table) for a in node.args)
    return rebuild(type(node), args)


def _reindex_bound(node: Bound, table: Mapping[sp.Symbol, sp.Expr]) -> Node:
    inner = {symbol: new for symbol, new in table.items() if symbol != node.index}
    coming = {symbol for new in inner.values() for symbol in new.free_symbols}
    index = fresh(coming, node.index)
    if index != node.index:
        index = fresh(coming | node.body.free_symbols, node.index)
    inner[node.index] = index
    lower, upper = (limit.xreplace(table) for limit in (node.lower, node.upper))
    return type(node)(reindex(node.body, inner), index, lower, upper)


def walk(node: Node) -> Iterator[Node]:
    """Every matrix sub-expression, parents after children."""
    for part in node.parts:
        yield from walk(part)
    yield node
