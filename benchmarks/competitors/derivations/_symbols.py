"""Expressions with ``args``: how many nodes there are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def distinct(expressions: Iterable[Any]) -> int:
    """Nodes, each counted once; without recursion, since a chain of a thousand steps is deep."""
    seen: set[Any] = set()
    waiting = list(expressions)
    while waiting:
        own = waiting.pop()
        if own not in seen:
            seen.add(own)
            waiting.extend(own.args)
    return len(seen)
