"""What stands in a formula, with its value: the numbers by which a counterexample can be followed."""

from __future__ import annotations

from collections.abc import Iterator

from verify.check.indices import grounded
from verify.check.limits import limits
from verify.check.meaning import meaning
from verify.check.reading.tree import Derivative, Gradient, Indexed, Name, Product, Sum, Tree
from verify.check.reading.unparse import latex
from verify.check.reading.walking import children
from verify.check.scope import Scope
from verify.check.surroundings import OutOfRangeError
from verify.check.values import MeaningError, Value, laid_out

SHOWN, WIDEST = 8, 28
"""Values that are told, and their characters."""
NO_VALUE = (MeaningError, OutOfRangeError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError)


def told(left: Tree, right: Tree, scope: Scope) -> Iterator[tuple[str, str]]:
    """What stands in the formula, with numbers for its indices; the shortest values first, where there are many."""
    found: dict[str, str] = {}
    for part, here in (own for tree in (left, right) for own in _parts(tree, scope)):
        try:
            found.setdefault(latex(grounded(part, here.at)), _text(meaning(part, here), here))
        except NO_VALUE:
            continue
    shown = sorted((own for own in found if len(found[own]) <= WIDEST), key=lambda own: len(own) + len(found[own]))
    yield from ((name, value) for name, value in found.items() if name in shown[:SHOWN])


def _parts(tree: Tree, scope: Scope) -> Iterator[tuple[Tree, Scope]]:
    """Names and derivatives, each at the values that sums and products give to their indices."""
    if isinstance(tree, Name) and not tree.subscripts and (tree.base in scope.at or tree.base == "I"):
        return
    if isinstance(tree, Name | Indexed | Derivative | Gradient):
        yield tree, scope
    elif isinstance(tree, Sum | Product):
        try:
            low, high = limits(tree, scope)
        except NO_VALUE:
            return
        for step in range(low, high + 1):
            yield from _parts(tree.body, scope.bound(**{tree.index.base: step}))
    else:
        for part in children(tree):
            yield from _parts(part, scope)


def _text(value: Value, scope: Scope) -> str:
    """3, (1, 2), or [1, 2; 3, 4]."""
    matrix = next(laid_out(value, scope.convention), value.matrix)
    if matrix.shape == (1, 1):
        return str(matrix[0, 0])
    if 1 in matrix.shape:
        return f"({', '.join(str(entry) for entry in matrix.flat)})"
    return f"[{'; '.join(', '.join(str(entry) for entry in row) for row in matrix)}]"
