"""A matrix where its transpose belongs, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from derive.derivatives import Derivative
from derive.expr import ONE, Node, Transpose, Var
from derive.sums import OrderedProduct
from verify.mutations.kind import Kind
from verify.mutations.places import Change, Place
from verify.mutations.wording import called


def is_square(node: Node) -> bool:
    return bool(node.shape[0] == node.shape[1] != ONE)


def _label(node: Node) -> str:
    return str(node.head) if isinstance(node, Var) else type(node).__name__


def _transposed(place: Place) -> Iterator[Change]:
    part = place.part
    if not is_square(part):
        return
    if isinstance(part, Transpose):
        inner = part.args[0]
        yield Change(_label(inner), f"with {called(inner)} in place of its transpose", inner)
    elif not (place.above and isinstance(place.above[-1], Transpose)) and (
        isinstance(part, OrderedProduct | Derivative)
        or (isinstance(part, Var) and part.kind in ("parameter", "jacobian"))
    ):
        yield Change(_label(part), f"with the transpose of {called(part)} in its place", Transpose(part))


KINDS = (
    Kind(
        "transposed matrix",
        "What goes forward through W comes back through Wᵀ; for a square matrix the shapes do not tell.",
        _transposed,
    ),
)
