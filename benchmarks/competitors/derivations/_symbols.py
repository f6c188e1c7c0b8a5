"""Expressions with ``args`` and symbols: how many nodes there are, and their values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def distinct(expressions: Iterable[Any]) -> int:
    """Nodes, each counted once."""
    seen: set[Any] = set()
    waiting = list(expressions)
    while waiting:
        own = waiting.pop()
        if own not in seen:
            seen.add(own)
            waiting.extend(own.args)
    return len(seen)
