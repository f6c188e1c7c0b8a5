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
from itertools import pairwise
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
from derive.truncation.formulas import chunks, constant, tail, unbiased, variance, window
from derive.truncation.formulas.law import REWEIGHTED, Law
from derive.truncation.formulas.letters import Letters, tau
from verify.growth.formulas import certificates
from verify.truncation.formulas.numbers import Numbers
from verify.truncation.formulas.runs import Chances, Run, runs
from verify.truncation.formulas.scalars import Links, Number

STEPS, TAU = 4, 2
_GRID = 4
_OF_NUMBERS = (variance.SCALAR, constant.NEEDS)
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
    kept: Links = (True,) * STEPS
    bound: Mapping[sp.Symbol, int] = field(default_factory=dict)
    drawn: dict[tuple[str, int], Array] = field(default_factory=dict)
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)
    pointed: bool = False
    """For ``verify.growth.formulas.enclosing``: norms are enclosed, not rounded up."""

    def __post_init__(self) -> None:
        self.arithmetic: Arithmetic = Numbers(self.number)
        self.sizes: Mapping[sp.Symbol, int] = {N_STATE: 1 + self.seed % 2, N_PARAMETER: 2, T: STEPS, S: STEPS, tau: TAU}
        if self.run is None:
            cuts = tuple((place + self.seed) % 3 == 0 for place in range(STEPS - 1))
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
        if self.needs == variance.SCALAR:
            for chance, kept in Number(self.seed).runs(STEPS):
                total = total + chance * evaluate(body, replace(self, kept=kept, chains={}), at)
            return total
        for run in runs(STEPS, self.run.chances, self.law):
            total = total + run.probability * evaluate(body, replace(self, run=run, chains={}), at)
        return total

    def number(self, name: str, indices: tuple[int, ...]) -> Fraction:
        """A scalar letter.  Raises BpttError for one that is not known."""
        assert self.run is not None
        if name == T.name and not indices:
            return Fraction(STEPS)
        if name == "xi":
            return self._xi(*indices)
        if name == "kappa":
            return self.run.kappa(*indices)
        if name == "pi" and self.needs not in _OF_NUMBERS:
            return 1 - self.run.kappa(indices[0] - 1)
        if self.needs == tail.NEEDS:
            return self._faded(name, indices)
        return self._of_number(name, indices)

    def _of_number(self, name: str, indices: tuple[int, ...]) -> Fraction:
        """A letter of the recurrence of numbers; a constant one has no index."""
        own, at = Number(self.seed, self.needs == constant.NEEDS), indices or (1,)
        a, b, c, z, _, one = (function.__name__ for function in variance.Scalars(self.theory).letters)
        rules: Mapping[str, Callable[..., Fraction]] = {
            a: own.state, b: own.b, c: own.c, "b": own.b, "c": own.c, "pi": own.pi, "V": own.variance,
            z: lambda time: own.estimate(time, self.kept[:time]),
            one: lambda time: own.one_step(time, self.kept[:time]), "V_infinity": lambda _: own.stationary,
        }  # fmt: skip
        if name not in rules:
            raise BpttError(f"{name} has no value of its own")
        return rules[name](*at)

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
        if isinstance(node, Var) and node == Letters(self.theory).gap():
            return self._gap()
        if not isinstance(node, Var) or node.time is None:
            raise BpttError(f"{node} has no value of its own")
        time = integer(node.time, self, at)
        rule = self._rules.get(node.letter)
        if rule is not None and 0 <= time <= STEPS:  # a step that speaks of others is to be found out
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

    def _gap(self) -> Array:
        """weight · Σ_t g_tᵀ (z_t − a_t)."""
        total: Array = 0
        for late in range(integer(self.theory.first, self, {}), STEPS + 1):
            error = self._state(late, lambda late, early: self.weight(late, early) - 1)
            total = total + self._draw(self.theory.g(), late).T @ error
        return self._loss_weight * total

    @property
    def _loss_weight(self) -> Fraction:
        return Fraction(self.arithmetic.scalar(self.theory.weight))

    def _faded(self, name: str, indices: tuple[int, ...]) -> Fraction:
        """φ_k, β and M: what they are here, as far as norms can be told, from above."""
        if name == "phi":
            return self._size_after(*indices)
        if name == "M":
            return max(certificates.norm(self._draw(self.theory.b(), time)).high for time in range(1, STEPS + 1))
        if name == "beta":
            first = self.bound.get(tail.k0, 0)
            sizes = [self._size_after(lag) for lag in range(first, STEPS)]
            return max((after / before for before, after in pairwise(sizes) if before), default=Fraction(0))
        raise BpttError(f"{name} has no value of its own")

    def _size_after(self, lag: int) -> Fraction:
        """weight · Σ_{t=k+1}^{T} ‖P(t, t − k)ᵀ g_t‖."""
        total = Fraction(0)
        for late in range(max(lag + 1, integer(self.theory.first, self, {})), STEPS + 1):
            arriving = self._draw(self.theory.g(), late)
            for link in range(late, late - lag, -1):
                arriving = self._c(link).T @ arriving
            total += certificates.norm(arriving).high
        return self._loss_weight * total

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
                [[self._entry(node, rng) for _ in range(cols)] for _ in range(rows)], dtype=object
            )
        return self.drawn[key]

    def _entry(self, node: Var, rng: random.Random) -> Fraction:
        """Where errors have to fade, the factors are small."""
        small = self.needs == tail.NEEDS and node.kind == "jacobian"
        return Fraction(rng.randint(-_GRID, _GRID), 16 if small else 2)

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
