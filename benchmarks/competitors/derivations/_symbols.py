"""Expressions with ``args`` and symbols: how many nodes there are, and their values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sympy as sp

_OPERATIONS: dict[Any, Callable[..., float]] = {
    sp.Add: lambda *parts: math.fsum(parts),
    sp.Mul: lambda *parts: math.prod(parts),
    sp.Pow: lambda base, exponent: base**exponent,
    sp.tanh: math.tanh,
}


def distinct(expressions: Iterable[Any]) -> int:
    """Nodes, each counted once."""
    return sum(1 for _ in _parts_first(expressions))


def values(expressions: Sequence[sp.Basic], known: dict[sp.Basic, float]) -> list[float]:
    """The numbers that SymPy's expressions are, of which those in ``known`` are given; every node is computed once."""
    own = dict(known)
    for node in _parts_first(expressions, own):
        own[node] = _OPERATIONS[node.func](*(own[part] for part in node.args)) if node.args else float(node)
    return [own[expression] for expression in expressions]


def _parts_first(expressions: Iterable[Any], known: Iterable[Any] = ()) -> Iterator[Any]:
    """Every node once, after its parts; without recursion, since a chain of a thousand steps is deep."""
    seen, waiting = set(known), [(own, False) for own in expressions]
    while waiting:
        node, ready = waiting.pop()
        if ready:
            yield node
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting.extend((part, False) for part in node.args)
