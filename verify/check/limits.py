"""Sums and products: from where to where they go, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from verify.check.indices import index_key, index_value, is_count, letters_of
from verify.check.reading.tree import Product, Sum, Tree
from verify.check.scope import OutOfRangeError, Scope
from verify.check.values import MeaningError, Value, added, multiplied

_MOST_UNITS = 64
Worth = Callable[[Tree, Scope], Value]
"""What a formula is worth in a scope."""


def summed(node: Sum, scope: Scope, worth: Worth) -> Value:
    """Over steps, or over units where the upper limit says how many there are, and nothing else."""
    if node.upper is not None and is_count(node.upper) and index_value(node.upper, scope.at) is None:
        return _over_units(node, scope, worth)
    low, high = limits(node, scope)
    total = scope.number(0)
    for step in range(low, high + 1):
        total = added(total, worth(node.body, scope.bound(**{index_key(node.index): step})), scope.convention)
    return total


def _over_units(node: Sum, scope: Scope, worth: Worth) -> Value:
    """As far as there are entries."""
    low = None if node.lower is None else index_value(node.lower, scope.at)
    if low is None:
        raise MeaningError("the limits of a sum cannot be read as numbers")
    total = scope.number(0)
    for step in range(low, low + _MOST_UNITS):
        try:
            term = worth(node.body, scope.bound(**{index_key(node.index): step}))
        except OutOfRangeError:
            if step == low:
                raise
            return total
        total = added(total, term, scope.convention)
    raise MeaningError("a sum over units has no entry in it")


def product(node: Product, scope: Scope, worth: Worth) -> Value:
    """The later factor on the left; on the right in denominator layout."""
    low, high = limits(node, scope)
    total = replace(scope.number(1), identity=True)
    steps = range(low, high + 1)
    for step in steps if scope.convention.denominator else reversed(steps):
        total = multiplied(total, worth(node.body, scope.bound(**{index_key(node.index): step})), scope.convention)
    return total


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
