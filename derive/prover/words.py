"""Products of factors, as words: where the order of multiplication is kept and ordered products grow together.

A word is a tuple of factors, read from left to right.  ``simplify`` brings it to one form by laws that never commute
anything:

* an ordered product of known length is written out, one that is known to be empty is dropped;
* a factor that continues a neighbouring product is taken into it, and so is a product that continues another:
  c_{t} ∏_{j=i}^{t−1} c_j = ∏_{j=i}^{t} c_j.  The side condition is that of ``derive.prover.notes``.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy as sp

from derive.build import transpose
from derive.expr import Identity, Node, Transpose, Var
from derive.prover.domain import affine, length
from derive.prover.notes import Context
from derive.sums import OrderedProduct, reindex

Word = tuple[Node, ...]
_INDEX = sp.Symbol("j#", integer=True)


def simplify(word: Word, context: Context) -> Word:
    """The one form of a word, at the points of the context."""
    flat = [part for factor in word for part in _written_out(factor, context)]
    place = 0
    while place < len(flat) - 1:
        joined = _join(flat[place], flat[place + 1], context)
        if joined is None:
            place += 1
        else:
            flat[place : place + 2] = [joined]
            place = 0
    return tuple(flat)


def _product(factor: Node) -> tuple[OrderedProduct, bool] | None:
    """The ordered product in a factor, and whether it is transposed."""
    if isinstance(factor, OrderedProduct):
        return factor, False
    if isinstance(factor, Transpose) and isinstance(factor.args[0], OrderedProduct):
        return factor.args[0], True
    return None


def _rebuilt(product: OrderedProduct, lower: sp.Expr, upper: sp.Expr, flipped: bool) -> Node:
    """The product over another range, its index called and shifted in one way."""
    shift = offset(product.index, (product.body,), lower)
    new = OrderedProduct(reindex(product.body, {product.index: _INDEX - shift}), _INDEX, lower + shift, upper + shift)
    return Transpose(new) if flipped else new


def offset(index: sp.Symbol, factors: Iterable[Node], lower: sp.Expr) -> int:
    """By how much a bound index has to be shifted for its first variable to be at the index itself: 1 for c_{j+1}.

    Where no variable is at a time of that index, its range is shifted to begin at a symbol or at zero.
    """
    for part in (part for factor in factors for part in sp.preorder_traversal(factor)):
        if isinstance(part, Var) and part.time is not None and index in part.time.free_symbols:
            symbol, constant = affine(part.time)
            return constant if symbol == index else 0
    return -affine(lower)[1]


def _factor_at(product: OrderedProduct, index: sp.Expr, flipped: bool) -> Node:
    factor = reindex(product.body, {product.index: index})
    return transpose(factor) if flipped else factor


def _written_out(factor: Node, context: Context) -> list[Node]:
    if isinstance(factor, Identity):
        return []
    found = _product(factor)
    if found is None:
        return [factor]
    product, flipped = found
    if context.domain.proves(product.lower - 1, product.upper):
        return []
    known = length(product.lower, product.upper)
    if known is None:
        return [_rebuilt(product, product.lower, product.upper, flipped)]
    descending = [_factor_at(product, product.upper - step, flipped) for step in range(known)]
    return descending[::-1] if flipped else descending


def _join(left: Node, right: Node, context: Context) -> Node | None:
    """One factor for two neighbours, where a product can take the other in."""
    for whole, part, is_left in ((left, right, True), (right, left, False)):
        found = _product(whole)
        if found is None:
            continue
        product, flipped = found
        at_the_top = is_left == flipped  # a product grows upwards on its left, its transpose on its right
        end = product.upper + 1 if at_the_top else product.lower - 1
        if part == _factor_at(product, end, flipped) and context.grows(part, whole, product.lower, product.upper):
            lower, upper = (product.lower, end) if at_the_top else (end, product.upper)
            return _rebuilt(product, lower, upper, flipped)
    return _concatenated(left, right, context)


def _concatenated(left: Node, right: Node, context: Context) -> Node | None:
    """(∏_{j=m+1}^{t} c_j)(∏_{j=i}^{m} c_j) = ∏_{j=i}^{t} c_j."""
    first, second = _product(left), _product(right)
    if first is None or second is None or first[1] != second[1]:
        return None
    high, low = (second[0], first[0]) if first[1] else (first[0], second[0])
    if high.body != low.body or sp.expand(high.lower - low.upper) != 1:
        return None
    neither_short = all(context.grows(right, left, p.lower, p.upper) for p in (high, low))
    return _rebuilt(high, low.lower, high.upper, first[1]) if neither_short else None
