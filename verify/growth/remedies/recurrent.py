"""Which parameters of a model are its recurrent weights: those that a state of the step before is multiplied by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

from derive.arithmetic import Array
from derive.cell import lag
from derive.expr import Hadamard, MatMul, Node, Transpose, Var
from derive.model import Model
from derive.phase import Phase
from derive.sums import walk
from derive.unroll import Place, place


def weights(phase: Phase) -> tuple[Var, ...]:
    """Every parameter in what a lagged state is multiplied by, a matrix or, entry by entry, a column."""
    found = (part for factor in _multipliers(phase) for part in walk(factor) if _is_parameter(part))
    return tuple(dict.fromkeys(w for w in found if isinstance(w, Var)))


def all_weights(model: Model) -> tuple[Var, ...]:
    return tuple(dict.fromkeys(w for phase in model.phases for w in weights(phase)))


def replaceable(model: Model) -> tuple[Var, ...]:
    """The square matrices that multiply a lagged state, each a parameter by itself.

    Where a phase has none, the columns that do so entry by entry: they stand for diagonal matrices.
    """
    found: list[Var] = []
    for phase in model.phases:
        bare = [_bare(factor) for factor in _multipliers(phase)]
        own = [w for w in bare if w is not None]
        square = [w for w in own if w.shape[0] == w.shape[1]]
        found += square or [w for w in own if w.shape[1] == 1]
    return tuple(dict.fromkeys(found))


def with_weights(given: Mapping[Place, Array], new: Mapping[Var, Array]) -> dict[Place, Array]:
    """The same values with some parameters replaced."""
    return {**given, **{place(w): array for w, array in new.items()}}


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
