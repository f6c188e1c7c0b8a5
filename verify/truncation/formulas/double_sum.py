"""b_t, c_t and g_t drawn at random, and every sum over them: Σ ω(t, i) P(t, i) b_i and Σ ω(t, i) P(t, i)ᵀ g_t."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

import numpy as np
import sympy as sp

from derive.arithmetic import Array
from derive.expr import Var
from derive.indices import N_PARAMETER, S, T, value
from derive.theory import Theory
from derive.truncation.formulas.letters import tau
from verify.growth.formulas import certificates

STEPS, TAU = 4, 2
GRID = 4
Weights = Callable[[int, int], Fraction]
"""ω(t, i)."""


@dataclass
class DoubleSum:
    """One instance; with ``small`` factors, errors fade on their way back."""

    theory: Theory
    seed: int
    small: bool = False
    drawn: dict[tuple[str, int], Array] = field(default_factory=dict)

    @cached_property
    def sizes(self) -> Mapping[sp.Symbol, int]:
        """Every height of a state is 1, or every one is 2."""
        heights = dict.fromkeys(self.theory.size.free_symbols, 1 + self.seed % 2)
        return {**heights, N_PARAMETER: 2, T: STEPS, S: STEPS, tau: TAU}

    @property
    def first(self) -> int:
        """The first step with a loss."""
        return value(self.theory.first, self.sizes)

    @property
    def weight(self) -> Fraction:
        """That of the loss of one step."""
        found = self.theory.weight.xreplace({T: sp.Integer(STEPS)})
        return Fraction(int(found.p), int(found.q))

    def draw(self, node: Var, time: int) -> Array:
        """A letter at a time, the same whenever it is asked for."""
        key = (node.name, time)
        if key not in self.drawn:
            rng = random.Random(f"{self.seed}:{node.name}:{time}")
            rows, cols = (value(size, self.sizes) for size in node.shape)
            parts = 16 if self.small and node.kind == "jacobian" else 2
            entries = [[Fraction(rng.randint(-GRID, GRID), parts) for _ in range(cols)] for _ in range(rows)]
            self.drawn[key] = np.array(entries, dtype=object)
        return self.drawn[key]

    def b(self, time: int) -> Array:
        return self.draw(self.theory.b(), time)

    def c(self, time: int) -> Array:
        return self.draw(self.theory.c(), time)

    def g(self, time: int) -> Array:
        return self.draw(self.theory.g(), time)

    def _identity(self) -> Array:
        size = value(self.theory.size, self.sizes)
        return np.array([[Fraction(row == col) for col in range(size)] for row in range(size)], dtype=object)

    def state(self, late: int, weights: Weights) -> Array:
        """Σ_{i=1}^{t} ω(t, i) P(t, i) b_i."""
        total, chain = Fraction(0) * self.b(1), self._identity()
        for early in range(late, 0, -1):
            total = total + weights(late, early) * (chain @ self.b(early))
            chain = chain @ self.c(early)
        return total

    def adjoint(self, early: int, weights: Weights) -> Array:
        """Σ_{t=i}^{T} ω(t, i) P(t, i)ᵀ g_t; over the steps that have a loss."""
        total, chain = Fraction(0) * self.g(STEPS), self._identity()
        for late in range(early, STEPS + 1):
            chain = self.c(late) @ chain if late > early else chain
            if late >= self.first:
                total = total + weights(late, early) * (chain.T @ self.g(late))
        return total

    def gradient(self, weights: Weights) -> Array:
        """weight · Σ_t g_tᵀ Σ_i ω(t, i) P(t, i) b_i."""
        terms = (self.g(late).T @ self.state(late, weights) for late in range(self.first, STEPS + 1))
        return self.weight * sum(terms)

    def faded(self, lag: int) -> Fraction:
        """φ_k = weight · Σ_{t=k+1}^{T} ‖P(t, t − k)ᵀ g_t‖, from above."""
        total = Fraction(0)
        for late in range(max(lag + 1, self.first), STEPS + 1):
            arriving = self.g(late)
            for link in range(late, late - lag, -1):
                arriving = self.c(link).T @ arriving
            total += certificates.norm(arriving).high
        return self.weight * total

    def largest(self) -> Fraction:
        """M, the largest of ‖b_i‖, from above."""
        return max(certificates.norm(self.b(time)).high for time in range(1, STEPS + 1))
