"""Putting known equations in: variables replaced by what they stand for, where and only where that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sympy as sp

from derive.errors import ProofError
from derive.expr import Node, Var
from derive.indices import fresh
from derive.prover.domain import Domain
from derive.prover.facts import Fact, instance
from derive.sums import Bound, reindex, rewrite, substitute


def apart(node: Node, avoid: frozenset[sp.Symbol]) -> Node:
    """The same expression with bound indices that are in ``avoid``, or bound further out, renamed."""

    def renamed(part: Node) -> Node | None:
        if not isinstance(part, Bound):
            return None
        index = part.index
        if index in avoid:
            index = fresh({*avoid, *part.free_symbols}, index)
        body = part.body if index == part.index else reindex(part.body, {part.index: index})
        return type(part)(apart(body, avoid | {index}), index, part.lower, part.upper)

    return rewrite(node, renamed)


def put_in(node: Node, table: Mapping[Node, Node]) -> Node:
    """``substitute``, for the free indices in ``table`` alone: nothing is captured, and no bound index is met."""
    return substitute(node, table) if not table else substitute(apart(node, _symbols(*table, *table.values())), table)


def _symbols(*nodes: Node) -> frozenset[sp.Symbol]:
    return frozenset(symbol for node in nodes for symbol in node.free_symbols)


def unfold(node: Node, facts: Sequence[Fact], domain: Domain) -> Node:
    """Replace every variable that one of ``facts`` defines, at the variable's own time, by its definition there."""
    if not facts:
        return node
    known = frozenset(symbol for pair in domain.bounds for symbol in pair if symbol is not None)
    return _unfold(apart(node, known | _symbols(*(fact.rhs for fact in facts))), facts, domain)


def unfold_all(node: Node, facts: Sequence[Fact], domain: Domain) -> Node:
    """Unfold until nothing is left to unfold: definitions may use one another, but not in a circle."""
    for _ in facts:
        unfolded = unfold(node, facts, domain)
        if unfolded == node:
            break
        node = unfolded
    return node


def _unfold(node: Node, facts: Sequence[Fact], domain: Domain) -> Node:
    def definition(part: Node) -> Node | None:
        if isinstance(part, Bound):
            return type(part)(_unfold(part.body, facts, _within(domain, part)), *part.args[1:])
        if not isinstance(part, Var):
            return None
        return next((new for fact in facts if (new := instance(fact, part, domain)) is not None), None)

    return rewrite(node, definition)


def _within(domain: Domain, part: Bound) -> Domain:
    try:
        return domain.with_range(part.index, part.lower, part.upper)
    except ProofError:
        return domain
