"""Of which step a formula speaks, and the same said of another."""

from __future__ import annotations

from functools import lru_cache

import sympy as sp

from derive.derivation import Step
from derive.expr import Add, Node, Var
from derive.indices import t
from derive.sums import rewrite, walk


def said_now(node: Node, time: sp.Expr | int) -> Node:
    """What a node says of a time, said of step t.  A number made of T stays as it is."""

    def moved(part: Node) -> Node | None:
        return part.at(part.time - time + t) if isinstance(part, Var) and part.time is not None else None

    return node if time == t else rewrite(node, moved)


@lru_cache(maxsize=4096)
def is_later(node: Node) -> bool:
    """Whether a node speaks of step t + 1, and of no other."""
    return times(node) == {t + 1}


def times(node: Node) -> set[sp.Expr]:
    return {part.time for part in walk(node) if isinstance(part, Var) and part.time is not None}


def later_together(node: Node) -> Node:
    """A sum with the terms about step t + 1 as one, which is then carried as one."""
    if not isinstance(node, Add):
        return node
    later = [term for term in node.args if is_later(term)]
    if len(later) < 2:
        return node
    return Add(*(term for term in node.args if term not in later), Add(*later))


def time_of(step: Step) -> sp.Expr:
    assert isinstance(step.lhs, Var) and step.lhs.time is not None
    return step.lhs.time


def what_is_said(step: Step) -> Var:
    """What a step defines, at step t."""
    assert isinstance(step.lhs, Var)
    return step.lhs.at(t)


def speaks_of(step: Step, time: sp.Symbol, length: sp.Symbol) -> bool:
    """Whether a step says what something is at every step, or at the last one."""
    own = time_of(step)
    reaches = any(r.index == own and r.upper == length for r in step.where)
    return own == time or (time == length and reaches)
