"""What generated code calls, for nodes: NumPy asks no object for a comparison that is itself an expression."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from derive.compiled.scalars import COMPARISONS, UNARY
from derive.unrolled.nodes import Graph, Operand, exact

CHOICE = "where"
_BINARY = frozenset({"maximum", "minimum", *COMPARISONS})


def functions(graph: Graph) -> Mapping[str, Any]:
    """By the names that NumPy has for them; each of them writes a node into the graph."""
    counts = dict.fromkeys(UNARY, 1) | dict.fromkeys(_BINARY, 2) | {CHOICE: 3}
    return {name: np.frompyfunc(partial(_applied, graph, name), count, 1) for name, count in counts.items()}


def _applied(graph: Graph, name: str, *operands: Any) -> Operand:
    read = (own if own.__class__ not in (float, np.float64) else exact(own) for own in operands)
    return graph.made(name, *read)
