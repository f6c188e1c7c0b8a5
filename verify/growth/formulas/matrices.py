"""Rational matrices of a kind: orthogonal, normal, diagonalisable with their eigenvectors, and with given SVD."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from flint import fmpq, fmpq_mat

from derive.arithmetic import Array

_TRIPLES = ((3, 4, 5), (5, 12, 13), (8, 15, 17))


def inverse(matrix: Array) -> Array:
    """A⁻¹ over ℚ.  Raises ZeroDivisionError for a singular matrix."""
    found = fmpq_mat([[fmpq(entry.numerator, entry.denominator) for entry in row] for row in matrix]).inv()
    size = len(matrix)
    cells = [[found[row, col] for col in range(size)] for row in range(size)]
    return np.array([[Fraction(int(c.p), int(c.q)) for c in row] for row in cells], dtype=object)


def diagonal(values: Sequence[Fraction]) -> Array:
    """diag(v)."""
    size = len(values)
    return np.array([[values[r] if r == c else Fraction(0) for c in range(size)] for r in range(size)], dtype=object)


def orthogonal(size: int, rng: random.Random) -> Array:
    """(I − K)(I + K)⁻¹ with Kᵀ = −K (Cayley 1846): a rotation with rational entries."""
    skew = diagonal([Fraction(0)] * size)
    for row in range(size):
        for col in range(row):
            skew[row, col] = Fraction(rng.randint(-4, 4), 3)
            skew[col, row] = -skew[row, col]
    one = diagonal([Fraction(1)] * size)
    return (one - skew) @ inverse(one + skew)


def normal(size: int, rng: random.Random) -> Array:
    """Q N Qᵀ with blocks a + bi ↦ (a −b; b a) on the diagonal of N, |a + bi| rational, and real numbers."""
    block = diagonal([Fraction(rng.randint(-5, 5), 4) for _ in range(size)])
    if size > 1:
        a, b, c = rng.choice(_TRIPLES)
        r = Fraction(rng.randint(1, 6), 4)
        block[:2, :2] = np.array([[r * a / c, -r * b / c], [r * b / c, r * a / c]], dtype=object)
    turn = orthogonal(size, rng)
    return turn @ block @ turn.T


def diagonalisable(size: int, rng: random.Random) -> tuple[Array, Array]:
    """W = X Λ X⁻¹ with distinct real eigenvalues, and X; W is not normal unless by accident."""
    values = [Fraction(value, 4) for value in rng.sample(range(-6, 7), size)]
    vectors = diagonal([Fraction(1)] * size)
    for row in range(size):
        for col in range(row + 1, size):
            vectors[row, col] = Fraction(rng.randint(-4, 4), 2)
    vectors = orthogonal(size, rng) @ vectors
    return vectors @ diagonal(values) @ inverse(vectors), vectors


def with_singular_values(left: Array, values: Sequence[Fraction], right: Array) -> Array:
    """U diag(s) Vᵀ."""
    return left @ diagonal(values) @ right.T
