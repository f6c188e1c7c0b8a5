"""One unit with constant c, π and b: where the variance of the recursive estimator stays bounded.

z_t = b + ξ_t c z_{t−1} with E ξ_t = 1 and E ξ_t² = 1/π, independent of z_{t−1}.  Its mean is a_t = b + c a_{t−1}, so

    E z_t² = b² + 2 b c a_{t−1} + (c²/π) E z_{t−1}²,    a_t² = b² + 2 b c a_{t−1} + c² a_{t−1}²,
    Var z_t = (c²/π) Var z_{t−1} + (1/π − 1) c² a_{t−1}².

Bounded for every t iff c² < π (for 0 < π < 1, c ≠ 0, b ≠ 0): the factor in front of the last variance.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scalar:
    """c, the chance π to keep a link, and b; any kind of number."""

    c: float
    pi: float
    b: float = 1.0


def variance(unit: Scalar, steps: int) -> float:
    """Var z_t after ``steps`` steps from z_0 = 0."""
    squared = unit.c * unit.c
    mean, found = 0 * unit.b, 0 * unit.b
    for _ in range(steps):
        found = squared / unit.pi * found + (1 / unit.pi - 1) * squared * mean * mean
        mean = unit.b + unit.c * mean
    return found


def is_bounded(unit: Scalar) -> bool:
    """Whether the variance stays bounded as the sequence gets longer; with π = 1 there is none at all."""
    return bool(unit.c * unit.c < unit.pi or unit.b == 0 or unit.pi == 1)
