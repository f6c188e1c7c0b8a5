"""From where to where a sum or a product goes."""

from __future__ import annotations

from verify.check.indices import index_value, letters_of
from verify.check.reading.tree import Product, Sum
from verify.check.scope import OutOfRangeError, Scope
from verify.check.values import MeaningError


def limits(node: Sum | Product, scope: Scope) -> tuple[int, int]:
    """From the lower to the higher; all steps where none are written.

    Beyond the empty range, the claim does not speak of these indices, unless a sum around it does.
    """
    if node.lower is None and node.upper is None:
        return 1, scope.at["T"]
    found = [None if limit is None else index_value(limit, scope.at) for limit in (node.lower, node.upper)]
    if found[0] is None or found[1] is None:
        raise MeaningError("the limits of a sum or product cannot be read as numbers")
    low, high = (found[1], found[0]) if _counts_down(node, scope) else (found[0], found[1])
    if low > high + 1:
        letters = {letter for limit in (node.lower, node.upper) if limit is not None for letter in letters_of(limit)}
        if letters - {"T", "S"} and not letters & scope.summed:
            raise OutOfRangeError
    return low, high


def _counts_down(node: Sum | Product, scope: Scope) -> bool:
    return scope.descending and isinstance(node, Product)
