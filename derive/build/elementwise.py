"""What is done entry by entry: products, functions, diagonals."""

from __future__ import annotations

import sympy as sp

from derive.build.additive import add, scale, split_factor, times
from derive.expr import ONE, Diag, Fill, Hadamard, Identity, Node, is_scalar, ones, zeros
from derive.functions import Elementwise
from derive.nonlinear import Map


def hadamard(*factors: Node) -> Node:
    """A ⊙ B ⊙ …: flattened, scalars in front, all-ones dropped."""
    Hadamard(*factors)
    flat: list[Node] = []
    scalar: sp.Expr = ONE
    for factor in factors:
        own, body = split_factor(factor)
        scalar = times(scalar, own)
        for part in body.args if isinstance(body, Hadamard) else (body,):
            if isinstance(part, Fill):
                scalar *= part.value
            else:
                flat.append(part)
    if scalar == 0:
        return zeros(*factors[0].shape)
    if not flat:
        return Fill(scalar, *factors[0].shape)
    return scale(scalar, flat[0] if len(flat) == 1 else Hadamard(*flat))


def diag(column: Node) -> Node:
    """diag(v), with diag(c·1) = c·I."""
    if is_scalar(column):
        return column
    if isinstance(column, Fill):
        return scale(column.value, Identity(column.shape[0]))
    factor, body = split_factor(column)
    return scale(factor, Diag(body))


def polynomial(coefficients: sp.Poly, value: Node) -> Node:
    """A polynomial of the entries of ``value``, in ascending powers: 1 − y ⊙ y; common powers in front: y ⊙ (1 − y)."""
    if coefficients.is_zero:
        return zeros(*value.shape)
    lowest = min(power for (power,), _ in coefficients.terms())
    terms = []
    for (power,), factor in reversed(coefficients.terms()):
        rest = power - lowest
        terms.append(scale(factor, hadamard(*[value] * rest) if rest else ones(*value.shape)))
    return hadamard(*[value] * lowest, add(*terms))


def apply(function: Elementwise, body: Node) -> Node:
    """f(A) entry by entry."""
    return Map(function, body)
