"""The letters of truncation beside those of the general theory: estimates z_t and δ̃_t, factors ξ_t, chances κ_t.

ξ_t, π_t and κ_t are numbers, SymPy functions of the time: they commute with everything.  Where a model has a quantity
of the same letter, the estimate takes a large one, as ``derive.theory`` does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import sympy as sp

from derive.build import ordered_product
from derive.expr import Var
from derive.indices import N_PARAMETER, j, t
from derive.sums import OrderedProduct
from derive.theory import Theory

tau = sp.Symbol("tau", integer=True, positive=True)
"""The length of a window or of a chunk, in steps."""
xi, kappa, pi = (sp.Function(name) for name in ("xi", "kappa", "pi"))
"""ξ_t stands before c_t; κ_t is the chance to cut after step t; π_t = 1 − κ_{t−1} that c_t is kept."""
ONE_STEP = "exact"
"""Marks the estimate that multiplies the exact a_{t−1}."""


@dataclass(frozen=True)
class Letters:
    """The letters of one derivation."""

    theory: Theory

    @cached_property
    def _taken(self) -> frozenset[str]:
        equations = (*self.theory.model.equations, *self.theory.equations)
        return frozenset(e.target.name.partition("_")[0].partition("^")[0] for e in equations)

    def _free(self, small: str) -> str:
        return small.upper() if small in self._taken else small

    def _like_a(self, name: str, time: sp.Expr | int) -> Var:
        return Var(name, self.theory.size, N_PARAMETER, time, "unknown")

    def z(self, time: sp.Expr | int = t) -> Var:
        """The estimate of a_t."""
        return self._like_a(self._free("z"), time)

    def one(self, time: sp.Expr | int = t) -> Var:
        """The estimate of a_t of which the step before is exact."""
        return self._like_a(f"{self._free('z')}^{ONE_STEP}", time)

    def rest(self, time: sp.Expr | int = t) -> Var:
        """What a window leaves out of a_t."""
        return self._like_a(self._free("r"), time)

    def error(self, time: sp.Expr | int = t) -> Var:
        """The estimate less what it estimates."""
        return self._like_a(self._free("e"), time)

    def gap(self) -> Var:
        """The estimate of the gradient less the gradient, a row."""
        return Var(self._free("d"), 1, N_PARAMETER, kind="unknown")

    def mean(self, time: sp.Expr | int = t) -> Var:
        """The mean of the estimate."""
        return self._like_a("mu", time)

    def delta(self, time: sp.Expr | int = t) -> Var:
        """What the backward pass with factors computes in the place of δ_t."""
        exact = self.theory.delta(time)
        return Var(f"{exact.name}~", self.theory.size, 1, time, "unknown")

    def factor(self, time: sp.Expr | int = t) -> Var:
        """ξ_t c_t."""
        return Var(f"{self.theory.c().name}~", self.theory.size, self.theory.size, time, "jacobian")

    def chain(self, last: sp.Expr | int, first: sp.Expr | int) -> OrderedProduct:
        """The product of the factors with ξ, the later one on the left."""
        return ordered_product(self.factor(j), j, first, last)
