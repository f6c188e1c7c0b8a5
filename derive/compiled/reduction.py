"""Gradients: sums of a term over all steps, and means over the sequences, as few large products.

Where the term is an outer product u_t v_tᵀ, the sum over all rows is one matrix product Uᵀ V.
"""

from __future__ import annotations

from functools import singledispatch

import sympy as sp

from derive.build import matmul, transpose
from derive.compiled.algebra import entrywise, product, scaled, summed, transposed
from derive.compiled.lowering import Meaning, dense
from derive.compiled.three_address import Extent, Instruction
from derive.expr import ONE, Add, Hadamard, MatMul, Node, Scale, Transpose, is_scalar

BATCH = sp.Symbol("B", integer=True, positive=True)
"""The number of sequences."""
STEPS = sp.Symbol("K", integer=True, positive=True)
"""The number of steps that a function is given: all T of them, or those of a piece of the sequence."""


@singledispatch
def over_rows(node: Node, scope: Meaning, count: sp.Expr) -> Instruction:
    """The sum of a node over all rows, of which there are ``count``."""
    value = scope.listing.array(dense(scope.listing, scope.value(node)))
    if value.extent == Extent.SHARED:
        return scaled(scope.listing, scope.listing.number(count), value)
    operation = "over_rows" if value.is_vector else "over_matrices"
    return scope.listing.reduced(operation, (value,), node.shape)


@over_rows.register
def _(node: Scale, scope: Meaning, count: sp.Expr) -> Instruction:
    """Σ c A = c Σ A."""
    return scaled(scope.listing, scope.listing.number(node.args[0]), over_rows(node.args[1], scope, count))


@over_rows.register
def _(node: Add, scope: Meaning, count: sp.Expr) -> Instruction:
    """Σ (A + B) = Σ A + Σ B."""
    return summed(scope.listing, [(False, over_rows(term, scope, count)) for term in node.args], node.shape)


@over_rows.register
def _(node: Transpose, scope: Meaning, count: sp.Expr) -> Instruction:
    """Σ Aᵀ = (Σ A)ᵀ."""
    return transposed(scope.listing, over_rows(node.args[0], scope, count))


@over_rows.register
def _(node: Hadamard, scope: Meaning, count: sp.Expr) -> Instruction:
    """Σ M ⊙ A = M ⊙ Σ A for an M that is the same in all rows."""
    if ONE in node.shape:
        return over_rows.dispatch(Node)(node, scope, count)
    varying = [factor for factor in node.args if scope.value(factor).extent != Extent.SHARED]
    if len(varying) != 1:
        return over_rows.dispatch(Node)(node, scope, count)
    found = over_rows(varying[0], scope, count)
    for factor in node.args:
        if factor not in varying:
            found = entrywise(scope.listing, "multiply", dense(scope.listing, scope.value(factor)), found, node.shape)
    return found


@over_rows.register
def _(node: MatMul, scope: Meaning, count: sp.Expr) -> Instruction:
    """Σ A u vᵀ B = Uᵀ V, with the rows (A u)ᵀ in U and vᵀ B in V."""
    place = next((place for place, factor in enumerate(node.args[:-1], 1) if factor.shape[1] == ONE), None)
    if place is None or ONE in node.shape or is_scalar(node):
        return over_rows.dispatch(Node)(node, scope, count)
    left, right = matmul(*node.args[:place]), matmul(*node.args[place:])
    u, v = scope.listing.array(scope.value(left)), scope.listing.array(scope.value(transpose(right)))
    if Extent.SHARED in (u.extent, v.extent):
        sides = [scope.value(side) if value.extent == Extent.SHARED else over_rows(side, scope, count)
                 for side, value in ((left, u), (right, v))]  # fmt: skip
        both = product(scope.listing, sides)
        same = u.extent == v.extent
        return scaled(scope.listing, scope.listing.number(count), both) if same else both
    return scope.listing.reduced("gram", (u, v), node.shape)
