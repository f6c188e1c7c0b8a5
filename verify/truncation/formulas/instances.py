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

import sympy as sp

from derive.arithmetic import Arithmetic, Array
from derive.derivation import Derivation
from derive.errors import BpttError
from derive.evaluate import Binding, evaluate, integer
from derive.expr import Node, Var
from derive.indices import T
from derive.theory import Theory
from derive.truncation.formulas import chunks, constant, tail, unbiased, variance, window
from derive.truncation.formulas.law import REWEIGHTED, Law
from derive.truncation.formulas.letters import Letters, tau
from verify.truncation.formulas.double_sum import GRID, STEPS, TAU, DoubleSum
from verify.truncation.formulas.numbers import Numbers
from verify.truncation.formulas.runs import Chances, Run, runs
from verify.truncation.formulas.scalars import Links, Number

_OF_NUMBERS = (variance.SCALAR, constant.NEEDS)


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
    """What has been drawn; shared by the instances that go through all runs."""
    chains: dict[Any, tuple[int, Array]] = field(default_factory=dict)
    pointed: bool = False
    """For ``verify.growth.formulas.enclosing``: norms are enclosed, not rounded up."""

    def __post_init__(self) -> None:
        self.arithmetic: Arithmetic = Numbers(self.number)
        self.theory = Theory(self.derivation.model)
        self.sums = DoubleSum(self.theory, self.seed, self.needs == tail.NEEDS, self.drawn)
        self.sizes: Mapping[sp.Symbol, int] = self.sums.sizes
        if self.run is None:
            cuts = tuple((place + self.seed) % 3 == 0 for place in range(STEPS - 1))
            self.run = Run(cuts, Chances(self.seed, self.needs != unbiased.LAW), self.law)

    def at(self, bound: Binding) -> Instance:
        """The same numbers at other indices."""
        return replace(self, bound=bound, chains={})

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
        return Fraction(random.Random(f"{self.seed}:xi:{link}").randint(-GRID, GRID), 3)

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
            return self.sums.gradient(self._off)
        if not isinstance(node, Var) or node.time is None:
            raise BpttError(f"{node} has no value of its own")
        time = integer(node.time, self, at)
        rule = self._rules.get(node.letter)
        if rule is not None and 0 <= time <= STEPS:  # a step that speaks of others is to be found out
            return rule(time)
        return self.sums.draw(node, time)

    @cached_property
    def _rules(self) -> Mapping[tuple[str, str], Callable[[int], Array]]:
        own, theory, sums = Letters(self.theory), self.theory, self.sums
        return {
            theory.a().letter: lambda time: sums.state(time, _all),
            theory.delta().letter: lambda time: sums.adjoint(time, _all),
            own.z().letter: lambda time: sums.state(time, self.weight),
            own.delta().letter: lambda time: sums.adjoint(time, self.weight),
            own.rest().letter: lambda time: sums.state(time, lambda late, early: -self._off(late, early)),
            own.error().letter: lambda time: sums.state(time, self._off),
            own.factor().letter: lambda time: self._xi(time) * sums.c(time),
            own.one().letter: lambda time: sums.state(time, self._one_step),
            own.mean().letter: lambda time: self.mean(own.z(time), {}),
        }

    def _off(self, late: int, early: int) -> Fraction:
        """How far a weight is from one."""
        return self.weight(late, early) - 1

    def _one_step(self, late: int, early: int) -> Fraction:
        return Fraction(1) if late == early else self._xi(late)

    def _faded(self, name: str, indices: tuple[int, ...]) -> Fraction:
        """φ_k, M, and the β that the sizes from k₀ on allow."""
        if name == "phi":
            return self.sums.faded(*indices)
        if name == "M":
            return self.sums.largest()
        if name == "beta":
            sizes = [self.sums.faded(lag) for lag in range(self.bound.get(tail.k0, 0), STEPS)]
            return max((after / before for before, after in pairwise(sizes) if before), default=Fraction(0))
        raise BpttError(f"{name} has no value of its own")


def _all(late: int, early: int) -> Fraction:
    return Fraction(1)
