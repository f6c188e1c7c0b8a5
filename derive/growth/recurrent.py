"""Which parameters of a model are its recurrent weights: those that a state of the step before is multiplied by."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from derive.arithmetic import Array
from derive.cell import lag
from derive.expr import Hadamard, MatMul, Node, Transpose, Var
from derive.model import Model
from derive.phase import Phase
from derive.sums import walk


def recurrent(model: Model) -> tuple[Var, ...]:
    """The square matrices that multiply a lagged state, each a parameter by itself, of every phase.

    Where a phase has none, the columns that do so entry by entry: they stand for diagonal matrices.
    """
    return tuple(dict.fromkeys(w for phase in model.phases for w in recurrent_of(phase)))


def recurrent_of(phase: Phase) -> tuple[Var, ...]:
    """Those of one phase."""
    own = [w for factor in _multipliers(phase) if (w := _bare(factor)) is not None]
    square = [w for w in own if w.shape[0] == w.shape[1]]
    return tuple(dict.fromkeys(square or [w for w in own if w.shape[1] == 1]))


def multiplying(phase: Phase) -> tuple[Var, ...]:
    """Every parameter in what a lagged state is multiplied by, a matrix or, entry by entry, a column."""
    found = (part for factor in _multipliers(phase) for part in walk(factor) if _is_parameter(part))
    return tuple(dict.fromkeys(w for w in found if isinstance(w, Var)))


def as_matrix(value: Array) -> Array:
    """A recurrent parameter as the matrix (n, n) that it is; a column is a diagonal."""
    return np.diag(value[:, 0]) if value.shape[1] == 1 and value.shape[0] > 1 else value


def _multipliers(phase: Phase) -> Iterator[Node]:
    """What stands to the left of a lagged state (or of what has one in it) in a product, or beside it in an entrywise
    one."""
    lagged = {lag(state) for state in phase.states}

    def reads(node: Node) -> bool:
        return any(part in lagged for part in walk(node))

    for equation in phase.equations:
        for node in walk(equation.expression):
            if isinstance(node, MatMul):
                yield from (left for left, right in pairwise(node.args) if reads(right) and not reads(left))
            elif isinstance(node, Hadamard) and reads(node):
                yield from (factor for factor in node.args if not reads(factor))


def _bare(node: Node) -> Var | None:
    body = node.args[0] if isinstance(node, Transpose) else node
    return body if isinstance(body, Var) and _is_parameter(body) else None


def _is_parameter(node: Node) -> bool:
    return isinstance(node, Var) and node.kind == "parameter"
