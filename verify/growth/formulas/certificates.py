"""How large a rational matrix is, decided exactly: ‖A‖ ≤ s if and only if s²I − AᵀA is positive semidefinite.

A symmetric rational matrix is tested by its LDLᵀ factorisation in exact arithmetic.  Floating point only proposes the
s that are tested.  An eigenvalue is enclosed by FLINT, which isolates the roots of the characteristic polynomial.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat, fmpz_poly

from derive.arithmetic import Array
from verify.growth.formulas.rationals import Interval

_CLOSE = Fraction(1, 2**44)
_WIDER = 2**6
_HALVINGS = 120
_DENOMINATOR = 10**6


def semidefinite(matrix: Array) -> bool:
    """Whether a symmetric rational matrix has no negative eigenvalue, by elimination on the diagonal.

    A zero pivot of a semidefinite matrix has a zero row: else (x, 1) with a large x makes the form negative.
    """
    rest = [list(row) for row in matrix]
    while rest:
        (pivot, *row), *below = rest
        if pivot < 0 or (pivot == 0 and any(row)):
            return False
        rest = [
            [entry - (left[0] * up / pivot if pivot else 0) for entry, up in zip(left[1:], row, strict=True)]
            for left in below
        ]
    return True


def norm_at_most(matrix: Array, bound: Fraction) -> bool:
    """Whether ‖A‖ ≤ s, decided exactly."""
    return bound >= 0 and semidefinite(-_shifted(matrix, bound))


def least_at_least(matrix: Array, bound: Fraction) -> bool:
    """Whether σ_n(A) ≥ s for a square A, decided exactly: AᵀA − s²I is positive semidefinite."""
    return bound <= 0 or semidefinite(_shifted(matrix, bound))


def norm(matrix: Array) -> Interval:
    """‖A‖ between two rational numbers; one number where it is a rational one with a small denominator."""
    guess = Fraction(float(_singular_values(matrix)[0]))
    nice = guess.limit_denominator(_DENOMINATOR)
    if _is_singular_value(matrix, nice) and norm_at_most(matrix, nice):
        return Interval.at(nice)
    return _bracketed(partial(norm_at_most, matrix), guess)


def least(matrix: Array) -> Interval:
    """σ_n(A) between two rational numbers; one number where it is a rational one with a small denominator."""
    values = _singular_values(matrix)
    guess = Fraction(float(max(values[-1], values[0] * 2.0**-52)))
    nice = Fraction(float(values[-1])).limit_denominator(_DENOMINATOR)
    if _is_singular_value(matrix, nice) and least_at_least(matrix, nice):
        return Interval.at(nice)
    return _bracketed(lambda bound: not least_at_least(matrix, bound), guess)


def _singular_values(matrix: Array) -> Array:
    return np.linalg.svd(matrix.astype(float), compute_uv=False)


def _shifted(matrix: Array, value: Fraction) -> Array:
    """AᵀA − s²I."""
    shifted = matrix.T @ matrix
    for place in range(len(shifted)):
        shifted[place, place] -= value**2
    return shifted


def _is_singular_value(matrix: Array, value: Fraction) -> bool:
    return _exact(_shifted(matrix, value)).det() == 0


def _bracketed(holds: Callable[[Fraction], bool], guess: Fraction) -> Interval:
    """The number above which ``holds`` is true, and below which it is not, between two numbers near the guess."""
    close = _CLOSE
    while True:
        low, high = max(guess * (1 - close), Fraction(0)), guess * (1 + close)
        if (low == 0 or not holds(low)) and holds(high):
            return _halved(holds, low, high)
        close *= _WIDER


def _halved(holds: Callable[[Fraction], bool], low: Fraction, high: Fraction) -> Interval:
    """A bracket that is too wide, halved until it is not."""
    for _ in range(_HALVINGS):
        if high - low <= 2 * _CLOSE * high:
            break
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return Interval(low, high)


def radius(matrix: Array) -> Interval:
    """ρ(A) between two rational numbers: the largest |λ| of the isolated roots of the characteristic polynomial."""
    polynomial = _exact(matrix).charpoly()
    whole = fmpz_poly([int(polynomial.denom() * polynomial[power]) for power in range(len(matrix) + 1)])
    roots: Any = whole.complex_roots()  # pairs of a root and its multiplicity
    sizes = [abs(root) for root, _ in roots]
    lows, highs = ([_rational(end) for end in ends] for ends in zip(*map(_ends, sizes), strict=True))
    return Interval(max(lows), max(highs))


def _ends(ball: arb) -> tuple[arb, arb]:
    return ball.abs_lower(), ball.abs_upper()


def _exact(matrix: Array) -> fmpq_mat:
    return fmpq_mat([[fmpq(entry.numerator, entry.denominator) for entry in row] for row in matrix])


def _rational(number: arb) -> Fraction:
    """A ball of radius zero as a fraction."""
    mantissa, exponent = number.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def matrix(rows: Sequence[Sequence[Fraction]]) -> Array:
    """Rows of fractions as an array."""
    return np.array([list(row) for row in rows], dtype=object)
