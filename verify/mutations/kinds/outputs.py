"""The softmax taken for a function of one number."""

from __future__ import annotations

from collections.abc import Iterator

from derive.build import add, hadamard, split_factor
from derive.expr import Add, Hadamard, MatMul, Node, Transpose, Var, ones
from derive.nonlinear import Softmax
from derive.sums import walk
from verify.mutations.kind import Kind
from verify.mutations.places import Change, Place
from verify.mutations.wording import called


def _outputs(place: Place) -> set[Node]:
    """What a softmax gives, without its time."""
    model = place.context.model
    equations = [e for phase in model.phases for e in (*phase.starts, *phase.equations)] + [*model.after]
    return {e.target.head for e in equations if any(isinstance(part, Softmax) for part in walk(e.expression))}


def _is_off_diagonal(term: Node, heads: set[Node]) -> bool:
    """o oᵀ v: what couples the entries of a softmax."""
    body = split_factor(term)[1]
    if not isinstance(body, MatMul) or not isinstance(body.args[1], Transpose):
        return False
    first, second = body.args[0], body.args[1].args[0]
    return first == second and isinstance(first, Var) and first.head in heads


def _diagonal(place: Place) -> Iterator[Change]:
    """o ⊙ v for o ⊙ v − o oᵀ v; and o ⊙ (1 − o) ⊙ v, as of a sigmoid."""
    part, heads = place.part, _outputs(place)
    if not isinstance(part, Add) or not heads:
        return
    coupled = [term for term in part.args if _is_off_diagonal(term, heads)]
    for term in coupled:
        rest = [other for other in part.args if other is not term]
        output = split_factor(term)[1].args[0]
        phrase = f"with the diagonal of the softmax Jacobian of {called(output)} alone"
        yield Change(called(output.head), phrase, add(*rest))
        slope = ones(*output.shape) - output
        own = [hadamard(o, slope) if isinstance(o, Hadamard) and output in o.args else o for o in rest]
        yield Change(f"{called(output.head)}, as of a sigmoid", f"{phrase}, as if it were a sigmoid", add(*own))


KINDS = (
    Kind(
        "softmax: diagonal only",
        "Every output of a softmax depends on every score: its Jacobian has entries off the diagonal.",
        _diagonal,
    ),
)
