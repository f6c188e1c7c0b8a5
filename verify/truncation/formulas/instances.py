"""Random rational b_t, c_t, g_t and ξ_t for what a step speaks of; all else is computed from one double sum.

Every quantity is Σ ω P b or Σ ω Pᵀ g, with the law of weights ω(t, i) that belongs to it: no recurrence is used, so a
step that is a definition is put to the test as well.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

from derive.arithmetic import Arithmetic, Array
from derive.derivation import Derivation
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate, integer
from derive.expr import Node, Var
from derive.indices import N_PARAMETER, N_STATE, S, T
from derive.theory import Theory
from derive.truncation.formulas import chunks, unbiased, window
from derive.truncation.formulas.law import REWEIGHTED, Law
from derive.truncation.formulas.letters import Letters, tau
from verify.truncation.formulas.numbers import Numbers
from verify.truncation.formulas.runs import Chances, Run, runs

STEPS, TAU = 4, 2
_GRID = 4
Weights = Callable[[int, int], Fraction]
"""ω(t, i)."""


@dataclass
class Instance:
    """An environment for the steps of one kind; ``needs`` is that of the step, ``run`` one of all the runs."""

    derivation: Derivation
    seed: int
    needs: str = ""
    law: Law = REWEIGHTED
    run: Run | None = None
    bound: Mapping[sp.Symbol, int] = field(default_factory=dict)
    drawn: dict[tuple[str, int], Array] = field(default_factory=dict)
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.arithmetic: Arithmetic = Numbers(self.number)
        self.sizes: Mapping[sp.Symbol, int] = {N_STATE: 1 + self.seed % 2, N_PARAMETER: 2, T: STEPS, S: STEPS, tau: TAU}
        if self.run is None:
            cuts = tuple(random.Random(self.seed).random() < 0.5 for _ in range(STEPS - 1))
            self.run = Run(cuts, Chances(self.seed, self.needs != unbiased.LAW), self.law)

    def at(self, bound: Binding) -> Instance:
        """The same numbers at other indices."""
        return replace(self, bound=bound, chains={})

    @cached_property
    def theory(self) -> Theory:
        return Theory(self.derivation.model)

    def mean(self, body: Node, at: Binding) -> Array:
        """𝔼 of an expression, over all runs."""
        assert self.run is not None
        total: Array = 0
        for run in runs(STEPS, self.run.chances, self.law):
            total = total + run.probability * evaluate(body, replace(self, run=run, chains={}), at)
        return total

    def number(self, name: str, indices: tuple[int, ...]) -> Fraction:
        """A scalar letter.  Raises BpttError for one that is not known."""
        assert self.run is not None
        if name == "xi":
            return self._xi(*indices)
        if name == "kappa":
            return self.run.kappa(*indices)
        if name == "pi":
            return 1 - self.run.kappa(indices[0] - 1)
        raise BpttError(f"{name} has no value of its own")

    def _xi(self, link: int) -> Fraction:
        if self.needs == chunks.NEEDS:
            return Fraction(link < 2 or (link - 1) % self._tau != 0)
        if self.needs in (unbiased.NEEDS, unbiased.LAW):
            assert self.run is not None
            return self.run.xi(link)
        return Fraction(random.Random(f"{self.seed}:xi:{link}").randint(-_GRID, _GRID), 3)

    @property
    def _tau(self) -> int:
        return self.bound.get(tau, TAU)

    def weight(self, late: int, early: int) -> Fraction:
        """ω(t, i) of the estimate."""
        if self.needs == window.NEEDS:
            return Fraction(late - early < self._tau)
        whole = Fraction(1)
        for link in range(early + 1, late + 1):
            whole *= self._xi(link)
        return whole

    def leaf(self, node: Node, at: Binding) -> Array:
        """Raises BpttError for a letter that is not one of the theory of truncation."""
        if not isinstance(node, Var) or node.time is None:
            raise BpttError(f"{node} has no value of its own")
        time = integer(node.time, self, at)
        rule = self._rules.get(node.letter)
        if rule is not None:
            return rule(time)
        return self._draw(node, time)

    @cached_property
    def _rules(self) -> Mapping[tuple[str, str], Callable[[int], Array]]:
        own, theory = Letters(self.theory), self.theory
        return {
            theory.a().letter: lambda time: self._state(time, _all),
            theory.delta().letter: lambda time: self._adjoint(time, _all),
            own.z().letter: lambda time: self._state(time, self.weight),
            own.delta().letter: lambda time: self._adjoint(time, self.weight),
            own.rest().letter: lambda time: self._state(time, lambda late, early: 1 - self.weight(late, early)),
            own.error().letter: lambda time: self._state(time, lambda late, early: self.weight(late, early) - 1),
            own.factor().letter: lambda time: self._xi(time) * self._c(time),
            own.one().letter: lambda time: self._state(time, self._one_step),
            own.mean().letter: lambda time: self.mean(own.z(time), {}),
        }

    def _one_step(self, late: int, early: int) -> Fraction:
        return Fraction(1) if late == early else self._xi(late)

    def _c(self, time: int) -> Array:
        return self._draw(self.theory.c(), time)

    def _draw(self, node: Var, time: int) -> Array:
        key = (node.name, time)
        if key not in self.drawn:
            rng = random.Random(f"{self.seed}:{node.name}:{time}")
            rows, cols = (integer(size, self, {}) for size in node.shape)
            self.drawn[key] = np.array(
                [[Fraction(rng.randint(-_GRID, _GRID), 2) for _ in range(cols)] for _ in range(rows)], dtype=object
            )
        return self.drawn[key]

    def _state(self, late: int, weights: Weights) -> Array:
        """Σ_{i=1}^{t} ω(t, i) P(t, i) b_i."""
        b = self.theory.b()
        rows, cols = (integer(size, self, {}) for size in b.shape)
        total, chain = self.arithmetic.filled(sp.Integer(0), rows, cols), self.arithmetic.identity(rows)
        for early in range(late, 0, -1):
            total = total + weights(late, early) * (chain @ self._draw(b, early))
            chain = chain @ self._c(early)
        return total

    def _adjoint(self, early: int, weights: Weights) -> Array:
        """Σ_{t=i}^{T} ω(t, i) P(t, i)ᵀ g_t; over the steps that have a loss."""
        rows = integer(self.theory.size, self, {})
        total, chain = self.arithmetic.filled(sp.Integer(0), rows, 1), self.arithmetic.identity(rows)
        first = integer(self.theory.first, self, {})
        for late in range(early, STEPS + 1):
            if late > early:
                chain = self._c(late) @ chain
            if late >= first:
                total = total + weights(late, early) * (chain.T @ self._draw(self.theory.g(), late))
        return total


def _all(late: int, early: int) -> Fraction:
    return Fraction(1)
